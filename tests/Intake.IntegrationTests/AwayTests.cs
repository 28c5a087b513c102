using System.Net;
using Npgsql;
using Sandan.IntegrationTests;

namespace Sandan.Intake.IntegrationTests;

/// <summary>Services behind gates: the servers can be away for them.</summary>
public sealed class GatedIntake : IntakeInstallation
{
    public Gate Broker { get; } = new(new Uri(RabbitMq!).Host, new Uri(RabbitMq!).Port);

    public Gate Storage { get; } = new(new NpgsqlConnectionStringBuilder(Postgres).Host!, new NpgsqlConnectionStringBuilder(Postgres).Port);

    protected override Uri ServicesBroker => new UriBuilder(RabbitMq!) { Host = "127.0.0.1", Port = Broker.Port }.Uri;

    protected override string ServicesPostgres => new NpgsqlConnectionStringBuilder(Postgres)
    {
        Host = "127.0.0.1",
        Port = Storage.Port,
        Timeout = 5,
    }.ConnectionString;
}

/// <summary>What was answered with 2xx is kept and told, whatever is away; what is not kept is not answered so.</summary>
public sealed class AwayTests(GatedIntake intake) : IClassFixture<GatedIntake>
{
    [ServersFact]
    public async Task Without_a_broker_orders_are_taken_and_told_when_it_is_back()
    {
        intake.Broker.Close();
        var numbers = Enumerable.Range(0, 20).Select(at => $"A-BROKER-{at}").ToArray();
        foreach (var number in numbers)
        {
            using var answer = await intake.PostAsync(Make.Order(number).ToJsonString());
            Assert.Equal("201 created", await answer.OutcomeAsync());
        }

        // Every stored order is in the outbox: the rows were written by the same transaction.
        Assert.Equal(20, await intake.OrderDatabase.CountAsync(
            "SELECT count(*) FROM document d WHERE key LIKE '%A-BROKER-%' AND EXISTS (SELECT FROM message o WHERE o.xmin = d.xmin)"));
        Assert.DoesNotContain(intake.OrdersTold, one => one.OrderNo.StartsWith("A-BROKER-", StringComparison.Ordinal));

        intake.Broker.Open();
        await Eventually.BecomesAsync("all are told", () => numbers.All(no => intake.OrdersTold.Any(one => one.OrderNo == no)));
        await intake.AllToldAsync();
        Assert.Equal(numbers, intake.OrdersTold.Select(one => one.OrderNo)
            .Where(no => no.StartsWith("A-BROKER-", StringComparison.Ordinal)).Distinct());
    }

    [ServersFact]
    public async Task Without_a_database_nothing_is_taken_and_the_sender_is_told_to_come_back()
    {
        using var before = await intake.PostAsync(Make.Order("A-DB-0").ToJsonString());
        Assert.Equal("201 created", await before.OutcomeAsync());
        intake.Storage.Close();

        for (var at = 0; at < 3; at++)
        {
            using var away = await intake.PostAsync(Make.Order("A-DB-1").ToJsonString());
            Assert.Equal("503 S2011", await away.CodeAsync());
            Assert.Equal("application/problem+json", away.Content.Headers.ContentType!.MediaType);
            Assert.NotNull(away.Headers.RetryAfter);
        }

        intake.Storage.Open();
        await Eventually.BecomesAsync("orders are taken again", async () =>
        {
            using var again = await intake.PostAsync(Make.Order("A-DB-1").ToJsonString());
            return again.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK;
        });
        Assert.Equal(1, await intake.VersionsOfAsync("A-DB-1"));
    }

    [ServersFact]
    public async Task A_connection_that_breaks_under_a_commit_loses_no_order_that_was_answered()
    {
        var answered = new System.Collections.Concurrent.ConcurrentBag<string>();
        var sending = Task.WhenAll(Enumerable.Range(0, 8).Select(async sender =>
        {
            for (var at = 0; at < 40; at++)
            {
                var number = $"A-CUT-{sender}-{at}";
                using var answer = await intake.PostAsync(Make.Order(number).ToJsonString());
                Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    answered.Add(number);
                }
            }
        }));
        for (var cut = 0; cut < 10; cut++)
        {
            var soFar = answered.Count;
            await Eventually.BecomesAsync("orders are taken", () => answered.Count > soFar || sending.IsCompleted);
            intake.Storage.Close();
            intake.Storage.Open();
        }

        await sending;
        var stored = (await intake.OrderDatabase.ListAsync("SELECT split_part(key, U&'\\001F', 2) FROM document WHERE key LIKE '%A-CUT-%'")).ToHashSet();
        Assert.NotEmpty(answered);
        Assert.All(answered, number => Assert.Contains(number, stored));
        await Eventually.BecomesAsync("all are told", () => stored.All(no => intake.OrdersTold.Any(one => one.OrderNo == no)));
    }

    [ServersFact]
    public async Task A_service_that_stops_answers_what_it_took()
    {
        var service = await intake.StartAsync(Sandan.Order.Program.Build);
        var outcomes = new System.Collections.Concurrent.ConcurrentBag<(string Number, int Status)>();
        var sending = Enumerable.Range(0, 16).Select(async sender =>
        {
            for (var at = 0; at < 200; at++)
            {
                var number = $"A-STOP-{sender}-{at}";
                try
                {
                    using var answer = await intake.PostAsync(Make.Order(number).ToJsonString(), service: service);
                    outcomes.Add((number, (int)answer.StatusCode));
                }
                catch (HttpRequestException)
                {
                    return;   // the port is closed
                }
            }
        }).ToArray();
        await Eventually.BecomesAsync("orders are taken", () => outcomes.Count > 20);

        await service.StopAsync();
        await Task.WhenAll(sending);

        Assert.All(outcomes, one => Assert.Equal(201, one.Status));
        Assert.Equal(outcomes.Count, await intake.OrderDatabase.CountAsync("SELECT count(*) FROM document WHERE key LIKE '%A-STOP-%'"));
    }
}
