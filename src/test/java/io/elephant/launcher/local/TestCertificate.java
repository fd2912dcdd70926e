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

  /** Opens at no cost: a PKCS#12 file takes tens of thousands of rounds of a hash. */
  private static final String KEYS = "localhost.jks";

  private static final String PEM = "localhost.pem";

  /** Makes a certificate and its key in this directory. */
  public static TestCertificate in(Path directory) throws IOException, InterruptedException {
    Path absolute = directory.toAbsolutePath();
    keytool(
        absolute,
        "-genkeypair -keyalg EC -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1"
            + " -validity 2 -storetype JKS -keypass "
            + PASSWORD);
    keytool(absolute, "-exportcert -rfc -file " + PEM);
    return new TestCertificate(absolute);
  }

  private static void keytool(Path directory, String arguments)
      throws IOException, InterruptedException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String all =
        keytool
            + " "
            + arguments
            + " -keystore "
            + KEYS
            + " -alias localhost -storepass "
            + PASSWORD;
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

  /** The server's side, and a client's that trusts this certificate and no other. */
  public SSLContext context() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("JKS");
    try (InputStream stored = Files.newInputStream(directory.resolve(KEYS))) {
      store.load(stored, PASSWORD.toCharArray());
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  /** What makes a process, of Java or native, trust this certificate and no other. */
  public List<String> trustOptions() {
    return Stream.of("=" + directory.resolve(KEYS), "Type=JKS", "Password=" + PASSWORD)
        .map("-Djavax.net.ssl.trustStore"::concat)
        .toList();
  }

  /** The certificate in the form that OpenSSL reads. */
  public Path pem() {
    return directory.resolve(PEM);
  }
}
