package io.elephant.launcher.config;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** What the native executable runs: Quarkus, and beside its start what needs none of it. */
@QuarkusMain
public final class Main {

  private Main() {}

  public static void main(String... arguments) {
    // The log manager would look the host's name up, which no line of the log shows.
    System.setProperty("jboss.host.name", "lambda");
    // Without this, every thread that reads an answer of EC2 looks for an XML reader.
    System.setProperty("javax.xml.stream.XMLInputFactory", InputFactoryImpl.class.getName());
    var _ = Connections.ofProcess();
    Quarkus.run(arguments);
  }
}
