package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for {@code localhost} that signed itself, made by the JDK's keytool. */
public record TestCertificate(Path directory) {

  private static final String PASSWORD = "changeit";
  private static final String KEYS = "localhost.p12";

  /** Opens at no cost: a PKCS#12 file takes tens of thousands of rounds of a hash. */
  private static final String TRUSTED = "trusted.jks";

  private static final String PEM = "localhost.pem";

  /** Makes a certificate and its key in this directory. */
  public static TestCertificate in(Path directory) throws IOException, InterruptedException {
    Path absolute = directory.toAbsolutePath();
    keytool(
        absolute,
        "-genkeypair -keyalg EC -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1"
            + " -validity 2 -storetype PKCS12 -keystore "
            + KEYS);
    keytool(absolute, "-exportcert -rfc -file " + PEM + " -keystore " + KEYS);
    keytool(
        absolute, "-importcert -noprompt -file " + PEM + " -storetype JKS -keystore " + TRUSTED);
    return new TestCertificate(absolute);
  }

  private static void keytool(Path directory, String arguments)
      throws IOException, InterruptedException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String all = keytool + " " + arguments + " -alias localhost -storepass " + PASSWORD;
    Process process =
        new ProcessBuilder(all.split(" "))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }

  /** The server's side. */
  public SSLContext serverContext() throws GeneralSecurityException, IOException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(load(KEYS), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** What trusts this certificate and no other, within this process. */
  public SSLContext clientContext() throws GeneralSecurityException, IOException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(load(TRUSTED));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private KeyStore load(String file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(file.equals(TRUSTED) ? "JKS" : "PKCS12");
    try (InputStream stored = Files.newInputStream(directory.resolve(file))) {
      store.load(stored, PASSWORD.toCharArray());
    }
    return store;
  }

  /** What makes a process, of Java or native, trust this certificate and no other. */
  public List<String> trustOptions() {
    return Stream.of("=" + directory.resolve(TRUSTED), "Type=JKS", "Password=" + PASSWORD)
        .map("-Djavax.net.ssl.trustStore"::concat)
        .toList();
  }

  /** The certificate in the form that OpenSSL reads. */
  public Path pem() {
    return directory.resolve(PEM);
  }
}
