import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;

/** Uses the test network with the HTTP client of Java 11 and newer: java WithHttpClient.java MANIFEST */
public class WithHttpClient {
  public static void main(String[] args) throws Exception {
    String manifest = Files.readString(Path.of(args[0]));
    String origin = originOf(manifest, "https");
    SSLContext trust = trusting(Path.of(member(manifest, "\"ca\"", "file")));
    HttpClient.Builder builder = HttpClient.newBuilder()
        .sslContext(trust).cookieHandler(new CookieManager()).connectTimeout(Duration.ofSeconds(10));
    HttpClient client = builder.followRedirects(HttpClient.Redirect.NEVER).build();
    HttpClient following = builder.followRedirects(HttpClient.Redirect.NORMAL).build();

    System.out.println("good: " + get(client, origin + "/json").statusCode());

    try {
      get(client, originOf(manifest, "https-expired") + "/json");
      throw new IllegalStateException("an expired certificate was accepted");
    } catch (SSLHandshakeException error) {
      Throwable cause = error;
      while (cause.getCause() != null) cause = cause.getCause();
      System.out.println("refused: " + cause.getMessage());
    }

    String redirect = origin + "/redirect/302?to=/json";
    System.out.println("redirect: " + get(client, redirect).statusCode() + ", then " + get(following, redirect).statusCode());

    get(client, origin + "/cookies/set?flavour=oat");
    System.out.println("cookie: " + member(get(client, origin + "/cookies").body(), "\\{", "raw"));
  }

  static HttpResponse<String> get(HttpClient client, String url) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
  }

  /** A context that trusts this authority and no other. */
  static SSLContext trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(certificate)) {
      store.setCertificateEntry("test-network", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  static String originOf(String manifest, String service) {
    return member(manifest, "\"name\": \"" + service + "\"", "origin");
  }

  /** The first text of this name behind a place. Java has no JSON of its own; a program has a library for it. */
  static String member(String json, String behind, String name) {
    var found = Pattern.compile(behind + ".*?\"" + name + "\": ?\"([^\"]*)\"", Pattern.DOTALL).matcher(json);
    if (!found.find()) throw new IllegalArgumentException(name + " is not there");
    return found.group(1);
  }
}
