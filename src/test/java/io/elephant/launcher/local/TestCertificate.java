package io.elephant.launcher.local;

import java.io.IOException;
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

  public static TestCertificate in(Path directory) throws InterruptedException {
    Path absolute = directory.toAbsolutePath();
    keytool(
        absolute,
        "-genkeypair -keyalg EC -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1"
            + " -validity 2 -storetype JKS -keypass "
            + PASSWORD);
    keytool(absolute, "-exportcert -rfc -file " + PEM);
    return new TestCertificate(absolute);
  }

  private static void keytool(Path directory, String arguments) throws InterruptedException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String all =
        "%s %s -keystore %s -alias localhost -storepass %s"
            .formatted(keytool, arguments, KEYS, PASSWORD);
    ProcessBuilder program = new ProcessBuilder(all.split(" ")).directory(directory.toFile());
    ProcessResult result = ProcessResult.of(program, "");
    if (result.status() != 0) {
      throw new IllegalStateException(result.output());
    }
  }

  /** The server's side, and a client's that trusts this certificate and no other. */
  public SSLContext context() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(directory.resolve(KEYS).toFile(), PASSWORD.toCharArray());
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
