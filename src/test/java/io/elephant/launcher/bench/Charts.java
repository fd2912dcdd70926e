package io.elephant.launcher.bench;

import java.awt.Color;
import java.io.IOException;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** How the pages' charts look: on a dark page too, and to whoever does not see all colours. */
final class Charts {

  /** From <a href="https://jfly.uni-koeln.de/color/">Color Universal Design</a>. */
  private static final Color[] COLORS = {
    new Color(0x56B4E9), new Color(0xE69F00), new Color(0x009E73), new Color(0xCC79A7), Color.BLACK
  };

  private Charts() {}

  static void save(Chart<? extends AxesChartStyler, ?> chart, String file) throws IOException {
    AxesChartStyler styler = chart.getStyler();
    styler.setSeriesColors(COLORS);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setYAxisMin(0.0);
    styler.setLegendPosition(LegendPosition.OutsideS);
    ChartEncoder.saveChart(chart, file, "png");
  }
}
