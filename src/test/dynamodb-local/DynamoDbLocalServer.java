import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;

/**
 * DynamoDB Local, in memory and on the loopback address only.
 *
 * <p>Amazon's own main class binds every network interface and reports usage home, and neither can
 * be configured away completely; this one puts the same engine behind a server of its own. Its
 * libraries clash with Quarkus's, so it is compiled apart from the tests and runs in a process of
 * its own. It prints its port, and ends when its standard input does: with the process that started
 * it.
 */
public final class DynamoDbLocalServer {

  private static final boolean IN_MEMORY = true;
  // One database per access key and region, as on AWS: a client in the wrong region finds no table.
  private static final boolean SHARED = false;
  private static final boolean TRANSIENT_STATES = false;

  private DynamoDbLocalServer() {}

  public static void main(String[] arguments) throws Exception {
    var engine = new LocalDynamoDBRequestHandler(0, IN_MEMORY, null, SHARED, TRANSIENT_STATES);
    var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(new LocalDynamoDBServerHandler(engine, null));
    server.start();
    System.out.println(((NetworkConnector) server.getConnectors()[0]).getLocalPort());
    while (System.in.read() != -1) {
      // Nobody writes: this waits for the end.
    }
    System.exit(0);
  }
}
