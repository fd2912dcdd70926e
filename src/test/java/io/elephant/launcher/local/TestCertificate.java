package io.elephant.launcher.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for {@code localhost} that signed itself, made by the JDK's keytool. */
public final class TestCertificate {

  private static final String ALIAS = "localhost";
  private static final String TRUST_STORE = "trusted.jks";
  private static final String PEM = "localhost.pem";
  private static final String PASSWORD = "changeit";

  private final Path keyStore;

  private TestCertificate(Path keyStore) {
    this.keyStore = keyStore;
  }

  /** Makes a certificate and its key in this directory. */
  public static TestCertificate in(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path keyStore = directory.resolve("localhost.p12").toAbsolutePath();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(directory.resolve("keytool.log")));
    }
    TestCertificate certificate = new TestCertificate(keyStore);
    certificate.writePublicPart();
    return certificate;
  }

  /** The server's side. */
  public SSLContext serverContext() throws GeneralSecurityException, IOException {
    KeyStore keys = keys();
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** What makes a process, of Java or native, trust this certificate and no other. */
  public List<String> trustOptions() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + keyStore,
        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
        "-Djavax.net.ssl.trustStoreType=PKCS12");
  }

  /**
   * The same from a trust store that costs nothing to open, as the one within the native executable
   * does not: a PKCS#12 file is decrypted with tens of thousands of rounds of a hash.
   */
  public List<String> cheapTrustOptions() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + keyStore.resolveSibling(TRUST_STORE),
        "-Djavax.net.ssl.trustStoreType=JKS");
  }

  /** The certificate in the form that OpenSSL reads. */
  public Path pem() {
    return keyStore.resolveSibling(PEM);
  }

  /**
   * What trusts this certificate and no other, within this process; it has no session to resume.
   */
  public SSLContext clientContext() throws GeneralSecurityException, IOException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trustStore());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private KeyStore keys() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stored = Files.newInputStream(keyStore)) {
      keys.load(stored, PASSWORD.toCharArray());
    }
    return keys;
  }

  private KeyStore trustStore() throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("JKS");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, keys().getCertificate(ALIAS));
    return trusted;
  }

  private void writePublicPart() throws GeneralSecurityException, IOException {
    try (OutputStream file = Files.newOutputStream(keyStore.resolveSibling(TRUST_STORE))) {
      trustStore().store(file, PASSWORD.toCharArray());
    }
    Files.writeString(
        pem(),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys().getCertificate(ALIAS).getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }
}
