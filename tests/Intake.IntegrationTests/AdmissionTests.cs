using System.Net;
using Npgsql;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.IntegrationTests;

namespace Sandan.Intake.IntegrationTests;

/// <summary>The services, and the broker beside them.</summary>
public sealed class CrowdedIntake : IntakeInstallation
{
    /// <summary>Takes what waits for a matcher that does not run here.</summary>
    public async Task EmptyMatcherQueueAsync()
    {
        await using var connection = await new ConnectionFactory { Uri = new(RabbitMq!) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueuePurgeAsync(Topology.QueueOf("matcher", typeof(OrdersAccepted), BusPrefix));
    }
}

/// <summary>Who would wait too long is told at once, and nothing of his is kept.</summary>
public sealed class AdmissionTests(CrowdedIntake intake) : IClassFixture<CrowdedIntake>
{
    [ServersFact]
    public async Task Where_the_matcher_does_not_keep_up_senders_are_told_to_come_back()
    {
        var order = await intake.StartAsync(Order.Program.Build, "--Intake:DocumentsBeforeMatcherMax=3");
        var sent = 0;
        HttpResponseMessage? refused = null;
        await Eventually.BecomesAsync("one is refused", async () =>
        {
            refused?.Dispose();
            refused = await intake.PostAsync(Make.Order($"C-BACKLOG-{++sent}").ToJsonString(), service: order);
            return refused.StatusCode != HttpStatusCode.Created;
        });
        Assert.Equal("429 S2004", await refused!.CodeAsync());
        Assert.NotNull(refused!.Headers.RetryAfter);
        refused!.Dispose();
        Assert.Equal(0, await intake.VersionsOfAsync($"C-BACKLOG-{sent}"));

        await Eventually.BecomesAsync("it is taken", async () =>
        {
            await intake.EmptyMatcherQueueAsync(); // some may still be on their way into it
            using var again = await intake.PostAsync(Make.Order($"C-BACKLOG-{sent}").ToJsonString(), service: order);
            return again.StatusCode == HttpStatusCode.Created;
        });
        Assert.Equal(1, await intake.VersionsOfAsync($"C-BACKLOG-{sent}"));
    }

    [ServersFact]
    public async Task A_body_for_which_there_is_no_place_waits_a_moment_and_is_refused()
    {
        var order = await intake.StartAsync(
            Order.Program.Build, "--Intake:BytesUnderWayMax=65536", "--Intake:AdmissionWaitMax=00:00:00.1");
        await using var connection = await intake.OrderDatabase.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE document IN EXCLUSIVE MODE", connection, transaction))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var first = intake.PostAsync(Many("C-FIRST"), "application/x-ndjson", service: order);
        await Eventually.BecomesAsync("the first waits for the lock", async () => await intake.OrderDatabase.CountAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0);
        using (var second = await intake.PostAsync(Many("C-SECOND"), "application/x-ndjson", service: order))
        {
            Assert.Equal("429 S2004", await second.CodeAsync());
            Assert.NotNull(second.Headers.RetryAfter);
        }

        await transaction.CommitAsync();
        using var taken = await first;
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var again = await intake.PostAsync(Many("C-SECOND"), "application/x-ndjson", service: order);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(1, await intake.VersionsOfAsync("C-SECOND-0"));
    }

    /// <summary>More than half of the bytes that may be under way.</summary>
    private static string Many(string prefix) =>
        string.Join('\n', Enumerable.Range(0, 40).Select(at => Make.Order($"{prefix}-{at}").ToJsonString()));
}
