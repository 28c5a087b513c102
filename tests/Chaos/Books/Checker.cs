using System.Diagnostics;
using Sandan.Chaos.Load;
using Sandan.Contracts.Events;

namespace Sandan.Chaos.Books;

/// <summary>Holds ledger, databases and feed against each other and against the oracle.</summary>
internal sealed class Checker(Installation sandan, Faults faults) : IAsyncDisposable
{
    private static readonly string[] Services =
        ["registry", "order", "payment", "waybill", "matcher", "tax", "customs", "credit", "statistics"];

    private static readonly string[] States = ["Waiting", "Matched", "Mismatched", "Ambiguous"];

    private readonly Databases databases = new(sandan, faults);

    /// <summary>Consignments with an outcome, of which so many are released.</summary>
    public (int Consignments, int Released) Outcomes { get; private set; }

    /// <summary>So many declarations customs have, by kind and result.</summary>
    public IReadOnlyDictionary<(Kind Kind, string Result), int> Declared { get; private set; } = new Dictionary<(Kind, string), int>();

    /// <summary>Everything that is under way: outboxes, queues, parked items.</summary>
    public async Task<long> UnderWayAsync(CancellationToken ct)
    {
        var waiting = (await Servers.WaitingAsync(sandan.Machine, Installation.Prefix, ct)).Values.Sum();
        foreach (var service in Services)
        {
            waiting += await databases.CountAsync(service, "SELECT count(*) FROM outbox", ct);
        }

        return waiting;
    }

    /// <summary>Waits until nothing is under way any more; returns how long that took, or a little more than the limit.</summary>
    public async Task<TimeSpan> SettleAsync(TimeSpan atMost, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var settled = TimeSpan.Zero;
        for (var quiet = 0; quiet < 4 && clock.Elapsed < atMost + TimeSpan.FromSeconds(3);)
        {
            if (await UnderWayAsync(ct) > 0)
            {
                (quiet, settled) = (0, clock.Elapsed);
            }
            else
            {
                quiet++;
            }

            await Task.Delay(300, ct);
        }

        return settled;
    }

    /// <summary>Checks all of it.</summary>
    /// <param name="documents">The stored versions of each document by the answers, oldest first.</param>
    /// <param name="feed">The whole feed, read from its beginning at the end.</param>
    /// <param name="readers">What those have read who followed it all the time.</param>
    public async Task CheckAsync(
        IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents,
        IReadOnlyList<FeedEvent> feed,
        IReadOnlyList<IReadOnlyList<FeedEvent>> readers,
        CancellationToken ct)
    {
        await CheckDocumentsAsync(documents, ct);
        var outcomes = OutcomesOf(documents);
        var states = await CheckStatesAsync(outcomes, ct);
        var decisions = await CheckDecisionsAsync(outcomes, states, ct);
        CheckFeed(feed, decisions);
        await CheckDeclarationsAsync(documents, outcomes, decisions, feed, ct);
        foreach (var (reader, number) in readers.Select((one, at) => (one, at + 1)))
        {
            CheckReader(number, reader, feed);
        }

        await CheckDownstreamAsync(decisions, ct);
        await CheckMessagesAsync(ct);
        foreach (var service in Services)
        {
            await databases.HoldAsync("stuck", $"{service}: rows in the outbox", service, "SELECT count(*) FROM outbox", 0, ct);
            await databases.HoldAsync("wrong", $"{service}: parked items", service, "SELECT count(*) FROM parked", 0, ct);
        }

        Outcomes = (outcomes.Count, decisions.Values.Count(one => one.Status == 800));
    }

    /// <summary>Each stored version was answered, and each that was answered is stored, with its bytes.</summary>
    private async Task CheckDocumentsAsync(IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents, CancellationToken ct)
    {
        var answered = documents.SelectMany(one => one.Value.Values).ToDictionary(one => (one.Paper.Name.Kind, one.Paper.Name.Key, one.Number));
        foreach (var service in (string[])["order", "payment", "waybill", "customs"])
        {
            await databases.ReadAsync(service, $"SELECT id, version, key, deleted, kind FROM document WHERE {IsSent("key")}", row =>
            {
                var (id, version, kind) = (row.GetGuid(0), row.GetInt32(1), Paper.Kinds[row.GetString(4)].Kind);
                var name = $"{service} has {kind} {row.GetString(2).Replace(PaperName.Between, '/')} version {version}";
                if (!answered.Remove((kind, row.GetString(2), version), out var known))
                {
                    faults.Add("doubled", $"{name}, which no answer told of.");
                }
                else if (known.Id is { } told && told != id)
                {
                    faults.Add("wrong", $"{name} as {id}, and told {told}.");
                }
                else if (row.GetBoolean(3) != (known.Paper.AppType == '3'))
                {
                    faults.Add("wrong", $"{name} {(row.GetBoolean(3) ? "" : "not ")}withdrawn.");
                }
            }, ct);
            await databases.HoldAsync(
                "lost", $"{service}: versions without their bytes", service,
                "SELECT count(*) FROM document WHERE block NOT IN (SELECT id FROM document_block)", 0, ct);
        }

        foreach (var lost in answered.Values)
        {
            faults.Add("lost", $"{lost.Paper.Name} version {lost.Number} was acknowledged and is not stored.");
        }
    }

    private static Dictionary<string, Outcome?> OutcomesOf(IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents) => documents
        .Where(one => one.Key.Kind is Kind.Order or Kind.Payment or Kind.Waybill).Select(one => one.Value) // no other decides on a consignment
        .SelectMany(versions => versions.Values.Select(one => one.Paper.OrderNo).Distinct(), (versions, number) => (number, versions.Values))
        .GroupBy(one => one.number)
        .ToDictionary(one => one.Key, one => Oracle.Of(one.Key, [.. one.Select(document => document.Values)]));

    /// <summary>The matcher's state of every consignment, and that no verdict is missing, or too many, among those that it gave.</summary>
    private async Task<Dictionary<(string, string), int>> CheckStatesAsync(Dictionary<string, Outcome?> outcomes, CancellationToken ct)
    {
        var revisions = new Dictionary<(string, string), int>();
        var seen = new HashSet<string>();
        await databases.ReadAsync("matcher", $"SELECT platform_code, order_no, state, revision FROM consignment WHERE {IsSent("order_no")}", row =>
        {
            var (platform, number, state) = (row.GetString(0), row.GetString(1), States[row.GetInt16(2)]);
            revisions.Add((platform, number), row.GetInt32(3));
            if (!outcomes.TryGetValue(number, out var outcome))
            {
                faults.Add("wrong", $"The matcher has {platform}/{number}, of which no document tells.");
            }
            else if (!seen.Add(number))
            {
                faults.Add("doubled", $"{number} is two consignments.");
            }
            else if (outcome is null ? state != "Waiting" : (outcome.Platform, outcome.State) != (platform, state))
            {
                faults.Add("wrong", $"{platform}/{number} is {state} instead of {outcome?.State} on {outcome?.Platform}.");
            }
            else if (outcome is { IsChanged: false } && row.GetInt32(3) > 1)
            {
                faults.Add("doubled", $"{number} has {row.GetInt32(3)} verdicts, and no document of it changed.");
            }
        }, ct);
        foreach (var (number, _) in outcomes.Where(one => one.Value is not null && !seen.Contains(one.Key)))
        {
            faults.Add("lost", $"{number} is no consignment.");
        }

        await databases.HoldAsync(
            "wrong", "copies that wait no more", "matcher",
            $"SELECT count(*) FROM consignment WHERE NOT {IsSent("order_no")} AND (state <> 0 OR revision <> 0)", 0, ct);
        await databases.HoldAsync(
            "lost", "verdicts missing in a row of revisions", "matcher",
            """
            SELECT count(*) FROM consignment c WHERE revision > 1 AND revision - 1 <> (
              SELECT count(*) FROM superseded_verdict s WHERE (s.platform_code, s.order_no) = (c.platform_code, c.order_no))
            """,
            0,
            ct);
        return revisions;
    }

    /// <summary>One decision stands for each, an allowed one, and the decisions before it are all there.</summary>
    private async Task<Dictionary<string, (int Status, string Code, int Count)>> CheckDecisionsAsync(
        Dictionary<string, Outcome?> outcomes, Dictionary<(string, string), int> revisions, CancellationToken ct)
    {
        var decisions = new Dictionary<string, (int, string, int)>();
        await databases.ReadAsync(
            "customs",
            """
            SELECT c.platform_code, c.order_no, c.status, c.revision, last.code, last.decision, last.status, last.count
            FROM clearance c JOIN (
              SELECT DISTINCT ON (number) number, code, decision, status, count(*) OVER (PARTITION BY number) AS count
              FROM decision ORDER BY number, decision DESC) AS last USING (number)
            """,
            row =>
            {
                var (platform, number) = (row.GetString(0), row.GetString(1));
                var (status, code, count) = ((int)row.GetInt16(2), row.GetString(4), row.GetInt32(5));
                decisions.Add($"{platform}/{number}", (status, code, count));
                if (status != row.GetInt16(6) || count != row.GetInt64(7))
                {
                    faults.Add("wrong", $"{platform}/{number}: {status} stands, of {row.GetInt64(7)} decisions the last is {count}: {row.GetInt16(6)}.");
                }

                if (revisions.GetValueOrDefault((platform, number)) != row.GetInt32(3))
                {
                    faults.Add("lost", $"{platform}/{number}: customs has verdict {row.GetInt32(3)}, the matcher gave {revisions.GetValueOrDefault((platform, number))}.");
                }

                if (outcomes.GetValueOrDefault(number) is not { } outcome || !outcome.Allowed.Contains((status, code)))
                {
                    faults.Add("wrong", $"{platform}/{number} is {status} {code}; allowed: {Text(outcomes.GetValueOrDefault(number))}.");
                }
                else if (!outcome.IsChanged && count > 1)
                {
                    faults.Add("doubled", $"{platform}/{number} has {count} decisions, and no document of it changed.");
                }
            },
            ct);
        foreach (var outcome in outcomes.Values.OfType<Outcome>())
        {
            if (!decisions.ContainsKey($"{outcome.Platform}/{outcome.OrderNo}") && !outcome.Allowed.Contains(null))
            {
                faults.Add("lost", $"{outcome.Platform}/{outcome.OrderNo} has no decision; it must be {Text(outcome)}.");
            }
        }

        return decisions;
    }

    /// <summary>What customs have of declarations: of imports, of exports, of returns, and what was cancelled.</summary>
    private async Task CheckDeclarationsAsync(
        IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents,
        Dictionary<string, Outcome?> outcomes,
        Dictionary<string, (int Status, string Code, int Count)> decisions,
        IReadOnlyList<FeedEvent> feed,
        CancellationToken ct)
    {
        var (rows, receipts) = (new List<Declaration>(), new List<Receipt>());
        foreach (var table in (string[])["inventory", "inventory_return", "export_inventory"])
        {
            await databases.ReadAsync("customs", $"SELECT document, receipts, status, code FROM {table}", row => rows.Add(new(
                row.GetGuid(0), row.GetInt16(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3))), ct);
        }

        await databases.ReadAsync("customs", "SELECT document, no, status, code FROM receipt ORDER BY document, no", row => receipts.Add(new(
            row.GetGuid(0), row.GetInt16(1), row.GetString(2), row.GetString(3))), ct);
        var kept = receipts.ToLookup(one => one.Document);
        var declared = Declarations.Check(documents, rows, kept, feed, faults);
        var cancellations = CancellationChecker.Check(documents, declared, kept, faults);
        Declared = declared.Select(one => (one.Key.Kind, one.Value.Result)).Concat(cancellations.Values).CountBy(one => one).ToDictionary();
        var open = declared.Where(one => !cancellations.TryGetValue(one.Key, out var asked) || !CancellationChecker.IsGranted(asked.Result)).ToDictionary();
        await new InventoryChecker(databases, faults).CheckAsync(documents, outcomes, decisions, open, ct);
        await new StockChecker(databases, faults).CheckAsync(documents, declared, ct);
        await new ExportChecker(databases, faults, documents).CheckAsync(open, kept, ct);
    }

    /// <summary>Gapless, no event twice, the decisions of a consignment in their order, and the last is the one that stands.</summary>
    private void CheckFeed(IReadOnlyList<FeedEvent> feed, Dictionary<string, (int Status, string Code, int Count)> decisions)
    {
        var ids = new HashSet<string>();
        var last = new Dictionary<string, FeedEvent>();
        for (var at = 0; at < feed.Count; at++)
        {
            var one = feed[at];
            if (one.Sequence != at + 1)
            {
                faults.Add("out of order", $"The feed has {one.Sequence} in place {at + 1}.");
                break;
            }

            if (!ids.Add(one.Id))
            {
                faults.Add("doubled", $"The feed has the event {one.Id} twice.");
            }

            if (one.Decision is null)
            {
                continue;
            }

            if (last.TryGetValue(one.Subject, out var before) && before.Decision >= one.Decision)
            {
                faults.Add("out of order", $"{one.Subject}: decision {one.Decision} is told behind {before.Decision}.");
            }

            last[one.Subject] = one;
        }

        foreach (var (subject, decision) in decisions.Where(one => one.Value.Status is 100 or 800))
        {
            if (!last.TryGetValue(subject, out var told))
            {
                faults.Add("lost", $"{subject}: the feed has no decision.");
            }
            else if ((told.Status, told.Decision) != (decision.Status, decision.Count))
            {
                faults.Add("wrong", $"{subject}: {decision.Status} stands ({decision.Count}), the feed ends with {told.Status} ({told.Decision}).");
            }
        }
    }

    private void CheckReader(int number, IReadOnlyList<FeedEvent> read, IReadOnlyList<FeedEvent> feed)
    {
        for (var at = 0; at < read.Count; at++)
        {
            if (at >= feed.Count || read[at].Id != feed[at].Id)
            {
                faults.Add("out of order", $"Reader {number} of the feed got {read[at].Sequence} in place {at + 1}.");
                return;
            }
        }

        if (read.Count < feed.Count)
        {
            faults.Add("lost", $"Reader {number} of the feed got {read.Count:N0} of {feed.Count:N0} events.");
        }
    }

    /// <summary>Every message that was told was worked in by everybody whom it was for, and nothing else was.</summary>
    private async Task CheckMessagesAsync(CancellationToken ct)
    {
        foreach (var (type, consumers) in Topology.Subscriptions)
        {
            var told = new HashSet<Guid>();
            foreach (var service in Services)
            {
                await databases.ReadAsync(
                    service, $"SELECT message_id FROM message WHERE event = '{type.Name}' AND told_at IS NOT NULL", row => told.Add(row.GetGuid(0)), ct);
            }

            foreach (var consumer in consumers)
            {
                var missing = new HashSet<Guid>(told);
                await databases.ReadAsync(consumer, $"SELECT message_id FROM inbox WHERE queue = '{Topology.QueueOf(consumer, type, Installation.Prefix)}'", row =>
                {
                    if (!missing.Remove(row.GetGuid(0)))
                    {
                        faults.Add("wrong", $"{consumer} worked in {type.Name} {row.GetGuid(0)}, which nobody told.");
                    }
                }, ct);
                foreach (var id in missing)
                {
                    faults.Add("lost", $"{consumer} never worked in {type.Name} {id}.");
                }
            }
        }
    }

    /// <summary>Tax, credit and statistics have each release once.</summary>
    private async Task CheckDownstreamAsync(Dictionary<string, (int Status, string Code, int Count)> decisions, CancellationToken ct)
    {
        var released = decisions.Where(one => one.Value.Status == 800).Select(one => one.Key).ToHashSet();
        await databases.ReadAsync("tax", "SELECT platform_code, order_no FROM assessment WHERE revision IS NOT NULL AND NOT cancelled", row =>
        {
            var subject = $"{row.GetString(0)}/{row.GetString(1)}";
            if (!released.Remove(subject))
            {
                faults.Add("wrong", $"{subject} is taxed, and not released.");
            }
        }, ct);
        foreach (var subject in released)
        {
            faults.Add("lost", $"{subject} is released, and not taxed.");
        }

        await databases.HoldAsync(
            "wrong", "persons whose year is not the sum of their assessments", "tax",
            """
            SELECT count(*) FROM (
              SELECT person_index, year, sum(quota_cny) AS cny FROM assessment
              WHERE quota_cny > 0 AND NOT cancelled GROUP BY 1, 2) AS booked
            FULL JOIN (SELECT person_index, year, used_cny FROM person_year WHERE used_cny > 0) AS used USING (person_index, year)
            WHERE cny IS DISTINCT FROM used_cny
            """,
            0,
            ct);
        var count = decisions.Values.Count(one => one.Status == 800);
        await databases.HoldAsync(
            "wrong", "releases that credit has counted", "credit",
            "SELECT coalesce(sum(count), 0)::bigint FROM tally WHERE kind = 'released'", 2 * count, ct);
        await databases.HoldAsync(
            "wrong", "releases that statistics has counted", "statistics",
            "SELECT coalesce(sum(consignments), 0)::bigint FROM tally WHERE dimension = 0", count, ct);
    }

    /// <summary>SQL: copies that were put into the tables and never sent are no part of the books.</summary>
    private static string IsSent(string number) => $"strpos({number}, '{Traffic.CopyMark}') = 0";

    private static string Text(Outcome? outcome) =>
        string.Join(" or ", outcome?.Allowed.Select(one => one is { } decision ? $"{decision.Status} {decision.Code}" : "none") ?? ["nothing"]);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => databases.DisposeAsync();
}
