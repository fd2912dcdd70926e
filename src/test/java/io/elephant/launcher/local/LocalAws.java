package io.elephant.launcher.local;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntUnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * EC2 and DynamoDB on this machine with an empty table of meetings, and what the function needs.
 */
public final class LocalAws implements AutoCloseable {

  /** The table that the function uses unless it is told otherwise. */
  public static final String TABLE = "elephant-meetings";

  private static @Nullable LocalAws ofThisProcess;

  private final Ec2StandIn ec2;
  private final LocalDynamoDb dynamoDb;
  private final DynamoDbProxy proxy;
  private final Optional<PermissionLog> record;

  private LocalAws(int firstPort, @Nullable SSLContext tls, Optional<PermissionLog> record) {
    IntUnaryOperator port = number -> firstPort == 0 ? 0 : firstPort + number;
    this.record = record;
    this.ec2 = new Ec2StandIn(port.applyAsInt(0), tls);
    this.dynamoDb = LocalDynamoDb.start();
    this.proxy = new DynamoDbProxy(dynamoDb, port.applyAsInt(1), tls);
    dynamoDb.createMeetings(TABLE);
  }

  public static LocalAws start() {
    return new LocalAws(0, null, Optional.of(new PermissionLog()));
  }

  /** What all tests of this process share; it is as it was just started. */
  public static synchronized LocalAws ofThisProcess() {
    LocalAws aws = ofThisProcess;
    if (aws == null) {
      aws = start();
      ofThisProcess = aws;
      Runtime.getRuntime().addShutdownHook(new Thread(aws::close));
    } else {
      aws.dynamoDb.deleteTable(TABLE);
      aws.dynamoDb.createMeetings(TABLE);
    }
    return aws;
  }

  public static LocalAws start(SSLContext tls) {
    return new LocalAws(0, tls, Optional.of(new PermissionLog()));
  }

  /**
   * Starts everything for a function whose variables change, so that what it does says nothing
   * about the policy of the one deployment that the recorded calls are held against.
   */
  public static LocalAws startUnrecorded() {
    return new LocalAws(0, null, Optional.empty());
  }

  /**
   * Starts everything where the dev mode looks for it.
   *
   * @param firstPort EC2's port; DynamoDB has the next one
   */
  public static LocalAws startAt(int firstPort) {
    return new LocalAws(firstPort, null, Optional.empty());
  }

  public Ec2StandIn ec2() {
    return ec2;
  }

  /** The table's engine, to look at what the function did. */
  public LocalDynamoDb dynamoDb() {
    return dynamoDb;
  }

  /** The way that the function takes to the table, for what is to go wrong on it. */
  public DynamoDbProxy dynamoDbProxy() {
    return proxy;
  }

  /** The variables for the function: the deployer's, and the way to the stand-ins. */
  public SequencedMap<String, String> environment() {
    var environment = new LinkedHashMap<String, String>();
    environment.put("AMI_ID", "ami-0e7fd79d17e852d18");
    environment.put("IAM_PROFILE", "EC2-S3-ReadOnly-Role");
    environment.put("INSTANCE_TYPE", "t3.large");
    environment.put("KEY_NAME", "shaundano-elephant");
    environment.put("SECURITY_GROUP_IDS", "sg-0e1efa27000000001,sg-0e1efa27000000002");
    environment.put("AWS_ENDPOINT_URL_EC2", ec2.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", proxy.endpoint().toString());
    environment.put("AWS_ACCESS_KEY_ID", LocalDynamoDb.ACCESS_KEY);
    environment.put("AWS_SECRET_ACCESS_KEY", LocalDynamoDb.SECRET_KEY);
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    return environment;
  }

  /** Writes the row of a meeting as the function that books meetings does. */
  public void book(String meetingId, Instant meetTime) {
    dynamoDb.put(
        TABLE,
        Map.of(
            "id", AttributeValue.fromS(meetingId),
            "status", AttributeValue.fromS("SCHEDULED"),
            "meet_time", AttributeValue.fromS(meetTime.truncatedTo(SECONDS).toString()),
            "teacher_name", AttributeValue.fromS("Ada"),
            "student_name", AttributeValue.fromS("Emil"),
            "duration_minutes", AttributeValue.fromN("45")));
  }

  /** Forgets all instances, calls and scripts, and books this one meeting, in five minutes. */
  public void startAfreshWith(String meetingId) {
    notePermissions();
    forgetCalls();
    dynamoDb.delete(TABLE, meetingId);
    book(meetingId, Instant.now().plus(Duration.ofMinutes(5)));
  }

  public void set(String meetingId, String attribute, AttributeValue value) {
    Map<String, AttributeValue> row = new HashMap<>(row(meetingId));
    row.put(attribute, value);
    dynamoDb.put(TABLE, row);
  }

  /** Reads a meeting's row; an empty map if there is none. */
  public Map<String, AttributeValue> row(String meetingId) {
    return dynamoDb.row(TABLE, meetingId);
  }

  /** What the stack hands to the function as {@code SUBNETS}: a default subnet of each zone. */
  public static String subnets() {
    return "us-west-2a=subnet-0a11111111111111a,us-west-2b=subnet-0b22222222222222b,"
        + "us-west-2c=subnet-0c33333333333333c";
  }

  /**
   * Forgets all calls: those of a function whose variables were changed say nothing about the
   * policy of the one deployment that the recorded calls are held against.
   */
  public void forgetCalls() {
    ec2.reset();
    proxy.reset();
  }

  private void notePermissions() {
    record.ifPresent(permissions -> {
      permissions.add(ec2.permissions());
      permissions.add(proxy.permissions());
    });
  }

  @Override
  public void close() {
    notePermissions();
    record.ifPresent(PermissionLog::write);
    proxy.close();
    dynamoDb.close();
    ec2.close();
  }
}
