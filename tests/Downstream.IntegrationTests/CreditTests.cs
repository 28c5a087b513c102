using System.Text.Json;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;

namespace Sandan.Downstream.IntegrationTests;

public sealed class CreditTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public Task InitializeAsync() => installation.InitializeAsync();

    public Task DisposeAsync() => installation.DisposeAsync();

    [ServersFact]
    public async Task Any_order_and_any_repeat_count_as_the_oracle_does()
    {
        var traffic = new Traffic(seed: 1121).Make(consignments: 800);
        await traffic.SendAsync(installation, batchMax: 23);
        await installation.StopAsync("credit");
        await installation.StartAsync("credit");
        await installation.SettleAsync();
        await AgreesWithOracleAsync(traffic);
    }

    [ServersFact]
    public async Task Two_replicas_record_as_one_does()
    {
        await installation.StartAsync("credit");
        var traffic = new Traffic(seed: 815).Make(consignments: 1000);
        await traffic.SendAsync(installation, batchMax: 60);
        await installation.SettleAsync();
        await AgreesWithOracleAsync(traffic);
    }

    [ServersFact]
    public async Task The_record_is_only_ever_added_to()
    {
        await installation.PublishAsync(
            new ConsignmentsJudged([Given.Verdict("T1", 1, ConsignmentState.Matched)]), Guid.CreateVersion7());
        await installation.SettleAsync();
        foreach (var sql in new[] { "UPDATE record SET count = 2", "DELETE FROM record", "TRUNCATE record" })
        {
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => installation.CountAsync("credit", sql));
        }
    }

    [ServersFact]
    public async Task Good_news_of_a_message_is_one_row_and_bad_news_one_each()
    {
        await installation.PublishAsync(
            new ConsignmentsJudged(
            [
                Given.Verdict("T1", 1, ConsignmentState.Matched), Given.Verdict("T2", 1, ConsignmentState.Matched),
                Given.Verdict("T3", 1, ConsignmentState.Mismatched),
                Given.Verdict("T4", 1, ConsignmentState.Mismatched),
            ]),
            Guid.CreateVersion7());
        await installation.SettleAsync();
        Assert.Equal(1, await installation.CountAsync(
            "credit", "SELECT count(*) FROM record WHERE company = 'PLATFORM00' AND count = 2"));
        Assert.Equal(2, await installation.CountAsync(
            "credit",
            "SELECT count(*) FROM record WHERE company = 'PAYMENT000' AND kind = 'mismatched' AND order_no > 'T2'"));
        Assert.Equal(0, await installation.CountAsync(
            "credit", "SELECT count(*) FROM record WHERE message_id NOT IN (SELECT message_id FROM inbox)"));
    }

    [ServersFact]
    public async Task A_company_sees_itself_customs_sees_all()
    {
        foreach (var role in Roles.All)
        {
            var (other, problem) = await installation.GetAsync(
                "credit", "/v1/credit/companies/PAYMENT000", role, "PLATFORM00");
            var (own, _) = await installation.GetAsync("credit", "/v1/credit/companies/PLATFORM00", role, "PLATFORM00");
            var sees = role is Roles.Customs or Roles.Operator;
            Assert.Equal((sees ? 200 : 404, 200), (other, own));
            Assert.Equal(sees ? "PAYMENT000" : "S2007", problem.GetProperty("code").GetString());
        }

        Assert.Equal(401, (await installation.GetAsync(
            "credit", "/v1/credit/companies/PLATFORM00", role: null)).Status);
    }

    [ServersFact]
    public async Task The_answer_explains_the_score_and_pages_through_the_bad_news()
    {
        // 101 of 5,000: 2.02 % of mismatches cost 8.1 points; one of them was put right.
        var now = TimeProvider.System.GetUtcNow();
        ConsignmentJudged[] verdicts =
        [
            .. Enumerable.Range(0, 5_000).Select(number => Given.Verdict(
                $"T{number:d4}", 1, number <= 100 ? ConsignmentState.Mismatched : ConsignmentState.Matched)),
            Given.Verdict("T0000", 2, ConsignmentState.Matched),
        ];
        foreach (var batch in verdicts.Select(one => one with { JudgedAt = now }).Chunk(500))
        {
            await installation.PublishAsync(new ConsignmentsJudged(batch), Guid.CreateVersion7());
        }

        await installation.SettleAsync();
        var (_, body) = await installation.GetAsync("credit", "/v1/credit/companies/PAYMENT000", Roles.Customs);
        Assert.Equal(("71.9", "B", "record", 5000), (
            body.GetProperty("score").ToString(), body.GetProperty("band").GetString(), 
            body.GetProperty("basis").GetString(), body.GetProperty("volume").GetInt32()));
        Assert.Equal((101, 1, 4899), (
            body.GetProperty("record").GetProperty("mismatched").GetProperty("byRule").GetProperty("AmountPaid")
                .GetInt32(),
            body.GetProperty("record").GetProperty("corrected").GetInt32(),
            body.GetProperty("record").GetProperty("matched").GetInt32()));
        var deduction = body.GetProperty("deductions")[0];
        Assert.Equal(("mismatched", "0.0202", "-8.1", "三单比对不符"), (
            deduction.GetProperty("kind").GetString(), deduction.GetProperty("rate").ToString(),
            deduction.GetProperty("points").ToString(), deduction.GetProperty("text").GetProperty("zh").GetString()));

        var orders = Orders(body);
        Assert.Equal(100, orders.Count);
        var (_, rest) = await installation.GetAsync(
            "credit", $"/v1/credit/companies/PAYMENT000?cursor={body.GetProperty("next").GetString()}", Roles.Customs);
        Assert.Single(Orders(rest));
        Assert.Equal(101, orders.Concat(Orders(rest)).Distinct().Count());
        Assert.False(rest.TryGetProperty("next", out _));
        var (status, problem) = await installation.GetAsync(
            "credit", "/v1/credit/companies/PAYMENT000?cursor=x", Roles.Customs);
        Assert.Equal((400, "S2013"), (status, problem.GetProperty("code").GetString()));
    }

    /// <summary>Nothing is set aside, and the sums are those of the oracle and those of the record.</summary>
    private async Task AgreesWithOracleAsync(Traffic traffic)
    {
        Assert.Equal(0, await installation.CountAsync("credit", "SELECT count(*) FROM parked"));
        var tally = await TallyAsync("SELECT company, day, kind, rule, count FROM tally WHERE count > 0");
        Assert.Equal(Oracle(traffic), tally);
        var record = await TallyAsync(
            """
            SELECT company, day, kind, rule, sum(count)::bigint FROM record
            GROUP BY company, day, kind, rule HAVING sum(count) <> 0
            UNION ALL
            SELECT company, day, kind, '', count(DISTINCT (platform_code, order_no, revision)) FROM record
            WHERE kind = 'mismatched' GROUP BY company, day, kind
            """);
        Assert.Equal(record, tally);
    }

    private static List<string> Orders(JsonElement body) =>
        [.. body.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("orderNo").GetString()!)];

    private async Task<List<(string, DateOnly, string, string, long)>> TallyAsync(string sql)
    {
        await using var command = installation.DatabaseOf("credit").CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, DateOnly, string, string, long)>();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2), reader.GetString(3),
                reader.GetInt64(4)));
        }

        rows.Sort();
        return rows;
    }

    /// <summary>Goes through the events of each consignment in the order of their revisions, one by one.</summary>
    private static List<(string, DateOnly, string, string, long)> Oracle(Traffic traffic)
    {
        var counts = new Dictionary<(string, DateOnly, string, string), long>();
        foreach (var consignment in traffic.Judged.GroupBy(one => (one.PlatformCode, one.OrderNo)))
        {
            var toMend = new HashSet<string>();
            foreach (var verdict in consignment.OrderBy(one => one.Revision))
            {
                string[] order = [verdict.PlatformCode, verdict.SellerCode];
                if (verdict.State == ConsignmentState.Matched)
                {
                    foreach (var company in order.Append(verdict.PaymentCompanyCode!)
                        .Append(verdict.LogisticsCompanyCode!).Distinct())
                    {
                        Count(company, verdict.JudgedAt, toMend.Remove(company) ? "corrected" : "matched", "");
                    }
                }

                var faults = verdict.Discrepancies
                    .SelectMany(one => Of(one.Turn).Select(company => (company, one.Rule))).Distinct().ToList();
                faults.ForEach(one => Count(one.company, verdict.JudgedAt, "mismatched", one.Rule));
                foreach (var company in faults.Select(one => one.company).Distinct())
                {
                    Count(company, verdict.JudgedAt, "mismatched", "");
                    toMend.Add(company);
                }

                foreach (var risk in verdict.Risks)
                {
                    foreach (var company in Of(risk.Rule is "R05" or "R07" ? DocumentKind.Waybill : DocumentKind.Order))
                    {
                        Count(company, verdict.JudgedAt, $"risk-{risk.Severity.ToString().ToLowerInvariant()}",
                            risk.Rule);
                    }
                }

                IEnumerable<string> Of(DocumentKind turn) => turn switch
                {
                    DocumentKind.Payment => [verdict.PaymentCompanyCode!],
                    DocumentKind.Waybill => [verdict.LogisticsCompanyCode!],
                    _ => order.Distinct(),
                };
            }
        }

        foreach (var overdue in traffic.Overdue)
        {
            IEnumerable<string?> late = overdue.Missing.Single() switch
            {
                DocumentKind.Payment => [overdue.PaymentCompanyCode],
                DocumentKind.Waybill => [overdue.LogisticsCompanyCode],
                _ => [overdue.PlatformCode, overdue.SellerCode],
            };
            foreach (var company in late.OfType<string>().Distinct())
            {
                Count(company, overdue.NoticedAt, "late", overdue.Missing.Single().ToString().ToLowerInvariant());
            }
        }

        foreach (var decided in traffic.Decided)
        {
            var kind = decided.Status switch
            {
                100 => "rejected",
                300 => "held",
                500 => "inspected",
                800 => "released",
                _ => null,
            };
            foreach (var company in kind is null ? [] : new[] { decided.PlatformCode, decided.SellerCode }.Distinct())
            {
                Count(
                    company, decided.DecidedAt, kind!,
                    kind == "released" ? "" : decided.DecidedBy == "rules" ? "rules" : "officer");
            }
        }

        var rows = counts.Select(one => (one.Key.Item1, one.Key.Item2, one.Key.Item3, one.Key.Item4, one.Value))
            .ToList();
        rows.Sort();
        return rows;

        void Count(string company, DateTimeOffset at, string kind, string rule)
        {
            var key = (company, DateOnly.FromDateTime(at.UtcDateTime.AddHours(8)), kind, rule);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }
}
