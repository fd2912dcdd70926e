package io.elephant.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.bench.StormResult.Calls;
import io.elephant.launcher.bench.StormResult.Plan;
import io.elephant.launcher.local.AsyncLambda;
import io.elephant.launcher.local.FunctionPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StormTest {

  /** Launches the first meeting's teacher twice, never launches the second, and the third well. */
  private static final String FUNCTION =
      """
      const {env} = process;
      const api = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;
      const subnet = env.SUBNETS.split(/[=,]/)[1];

      async function run() {
        const body = new URLSearchParams({
          Action: 'RunInstances', ImageId: env.AMI_ID, InstanceType: env.INSTANCE_TYPE,
          SubnetId: subnet, MinCount: 1, MaxCount: 1});
        for (;;) {
          const answer = await fetch(env.AWS_ENDPOINT_URL_EC2, {method: 'POST', body});
          if (answer.ok) return (await answer.text()).match(/<instanceId>(.*?)</)[1];
          if (answer.status !== 503) throw new Error(await answer.text());
        }
      }

      async function launch(id) {
        if (id === 'storm-2') throw new Error('No');
        const runs = id === 'storm-1' ? [run(), run(), run(), run()] : [run(), run()];
        const [teacher, student] = await Promise.all(runs);
        const answer = await fetch(env.AWS_ENDPOINT_URL_DYNAMODB, {
          method: 'POST',
          headers: {
            'Authorization': 'AWS4-HMAC-SHA256 Credential=elephant/20260101/us-west-2/dynamodb/'
                + 'aws4_request, SignedHeaders=host, Signature=0',
            'Content-Type': 'application/x-amz-json-1.0',
            'X-Amz-Date': '20260101T000000Z',
            'X-Amz-Target': 'DynamoDB_20120810.UpdateItem'},
          body: JSON.stringify({
            TableName: 'elephant-meetings', Key: {id: {S: id}},
            UpdateExpression: 'SET #s = :s, teacher_ec2_id = :t, student_ec2_id = :u',
            ExpressionAttributeNames: {'#s': 'status'},
            ExpressionAttributeValues: {
              ':s': {S: 'LAUNCHED'}, ':t': {S: teacher}, ':u': {S: student}}})});
        if (!answer.ok) throw new Error(await answer.text());
      }

      for (;;) {
        const next = await fetch(api + 'next');
        const id = next.headers.get('lambda-runtime-aws-request-id');
        const {meeting_id} = await next.json();
        const end = await launch(meeting_id).then(
            () => 'response', error => { console.log(error); return 'error'; });
        await fetch(`${api}${id}/${end}`, {method: 'POST', body: '{}'});
      }
      """;

  private static final Duration MOMENT = Duration.ofMillis(20);

  @Test
  void saysHowManyMeetingsAreLaunchedLostDoubledThrottledAndDeliveredAgain(@TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("function.mjs"), FUNCTION);
    var rules =
        new AsyncLambda.Rules(Duration.ofSeconds(20), 10, List.of(MOMENT, MOMENT), MOMENT, MOMENT);

    StormResult storm =
        Storm.run(
            new Plan(Plan.OURS, 3, Plan.UNLIMITED),
            new FunctionPackage.Script(List.of("node"), file),
            rules);

    assertThat(storm.launched()).hasSize(2);
    // Six instances are what three meetings have, and the last of them has to wait for its token.
    assertThat(storm.launched().getLast())
        .isBetween(StormResult.limit(3).minus(Profile.DYNAMO_DB.multipliedBy(2)), rules.timeout());
    assertThat(storm.lost()).isEqualTo(1);
    assertThat(storm.redelivered()).isEqualTo(2);
    assertThat(storm.unnamed()).isEqualTo(2);
    Calls launches = storm.calls().get(StormResult.LAUNCH);
    assertThat(launches.allowed()).isEqualTo(6);
    assertThat(launches.throttled()).isPositive();
  }
}
