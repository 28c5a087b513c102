using Sandan.Chaos.Books;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Customs;
using Sandan.Customs.Domain;
using Sandan.Intake.Domain;
using Sandan.Matcher;
using Sandan.Matcher.Domain;
using Version = Sandan.Chaos.Books.Version;

namespace Sandan.Simulation.Tests;

/// <summary>
/// Senders, intake, outboxes, relays, broker, inboxes, matcher and customs in one thread, steered by a seed alone. What they
/// decide is the services' own code; store and broker are lists, on which a transaction happens as a whole or not at all.
/// Between any two steps somebody may crash: before a commit, between commit and answer, between commit and
/// acknowledgement, between a publish and the deletion of its row. Messages overtake each other, and come again.
/// Tax stands in with a yes to everything.
/// </summary>
internal sealed class Simulation(int seed)
{
    private const int StepsMax = 10_000;
    private static readonly MatcherOptions Options = new();
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);
    private static readonly SightingCounts Counts = new(1, 1, 1, 1, 20, 20);

    private readonly Random random = new(seed);
    private readonly List<string> faults = [];
    private long ids;

    // Senders
    private readonly List<Sending> toSend = [];
    private readonly List<Sending> answered = [];

    // Intake
    private readonly Dictionary<PaperName, List<StoredVersion>> documents = [];
    private readonly Dictionary<Guid, Spec> stored = [];

    // Outboxes, in their order, and queues
    private readonly Outbox accepted = new("matcher");
    private readonly Outbox judged = new("tax", "customs");
    private readonly Outbox assessed = new("customs");
    private readonly Dictionary<string, List<Message>> queues = new() { ["matcher"] = [], ["tax"] = [], ["customs"] = [] };
    private readonly Dictionary<string, HashSet<long>> inboxes = new() { ["matcher"] = [], ["tax"] = [], ["customs"] = [] };

    // Matcher, tax, customs
    private readonly Dictionary<string, List<Notes>> dossiers = [];
    private readonly Dictionary<(string OrderNo, string Platform), StoredConsignment> consignments = [];
    private readonly Dictionary<(string, string), int> taxed = [];
    private readonly Dictionary<ClearanceKey, Clearance> clearances = [];
    private readonly Dictionary<ClearanceKey, List<Decision>> decisions = [];

    /// <summary>Steps that were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Crashes, repeats and overtakings.</summary>
    public int Accidents { get; private set; }

    /// <summary>Runs until all is said and done; returns what is wrong then.</summary>
    public IReadOnlyList<string> Run()
    {
        for (var at = random.Next(1, 4); at > 0; at--)
        {
            foreach (var versions in Spec.Of($"O{at}", random))
            {
                toSend.Add(new(versions[0], versions[1..]));
            }
        }

        while (Steps++ < StepsMax)
        {
            var able = Able().ToArray();
            if (able.Length == 0)
            {
                Check();
                return faults;
            }

            able[random.Next(able.Length)]();
        }

        faults.Add("It does not come to an end.");
        return faults;
    }

    private IEnumerable<Action> Able()
    {
        if (toSend.Count > 0)
        {
            yield return Send;
        }

        foreach (var outbox in (Outbox[])[accepted, judged, assessed])
        {
            if (outbox.Rows.Count > 0)
            {
                yield return () => Relay(outbox);
            }
        }

        foreach (var (service, work) in ((string, Action<IReadOnlyList<object>>)[])
            [("matcher", Match), ("tax", Assess), ("customs", Decide)])
        {
            if (queues[service].Count > 0)
            {
                yield return () => Consume(service, work);
            }
        }
    }

    /// <summary>True now and then: whoever is at work crashes here.</summary>
    private bool Crashes()
    {
        var crashes = random.Next(8) == 0;
        Accidents += crashes ? 1 : 0;
        return crashes;
    }

    /// <summary>A sender sends until it is answered, and now and then again behind that; changes race once the first is in.</summary>
    private void Send()
    {
        if (answered.Count > 0 && random.Next(6) == 0)
        {
            Accidents++;
            var again = answered[random.Next(answered.Count)];
            if (Submit(again.Spec) is { } answer && again.Id is { } before && answer != before)
            {
                faults.Add($"{again.Spec.Name}: first {before}, then {answer}.");
            }

            return;
        }

        var at = random.Next(toSend.Count);
        var sending = toSend[at];
        if (Submit(sending.Spec) is not { } id)
        {
            return; // no answer: again
        }

        toSend.RemoveAt(at);
        answered.Add(sending with { Id = id == Guid.Empty ? null : id });
        toSend.AddRange(sending.Later.Select(spec => new Sending(spec, [])));
    }

    /// <summary>The intake: the id that it answers, empty where nothing is stored, null where no answer comes.</summary>
    private Guid? Submit(Spec spec)
    {
        if (!documents.TryGetValue(spec.Name, out var history))
        {
            documents.Add(spec.Name, history = []);
        }

        var outcome = IntakeDecision.Decide(history, spec.Incoming);
        var answer = Guid.Empty;
        if (outcome is IntakeOutcome.Created or IntakeOutcome.Changed or IntakeOutcome.Deleted)
        {
            if (Crashes())
            {
                return null; // before the commit: nothing is stored
            }

            answer = new Guid(seed, 0, 0, BitConverter.GetBytes(++ids));
            history.Add(new(answer, history.Count + 1, spec.AppTime, spec.Incoming.ContentHash, Draft: false, outcome == IntakeOutcome.Deleted)
            {
                ReceivedAt = Now, OrderNo = spec.Name.Kind == Kind.Order ? null : spec.OrderNo,
            });
            stored.Add(answer, spec);
            accepted.Add(++ids, spec.Accepted(Telling.Of(history)!));
        }
        else if (outcome == IntakeOutcome.Exists)
        {
            answer = IntakeDecision.KnownOf(history, spec.Incoming).Id;
        }

        return Crashes() ? null : answer; // behind the commit: it is stored, and nobody was told
    }

    /// <summary>The oldest row goes to its queues; a crash before it is deleted sends it again.</summary>
    private void Relay(Outbox outbox)
    {
        var row = outbox.Rows[0];
        foreach (var queue in outbox.Queues)
        {
            queues[queue].Add(row);
        }

        if (!Crashes())
        {
            outbox.Rows.RemoveAt(0);
        }
    }

    /// <summary>Some messages, in any order, are worked in together: all of them or, after a crash, none.</summary>
    private void Consume(string service, Action<IReadOnlyList<object>> work)
    {
        var queue = queues[service];
        var taken = Enumerable.Range(0, random.Next(1, Math.Min(queue.Count, 4) + 1)).Select(_ => random.Next(queue.Count)).Distinct()
            .Select(at => queue[at]).ToArray();
        if (Crashes())
        {
            return; // before the commit: they come again
        }

        work([.. taken.Where(message => inboxes[service].Add(message.Id)).Select(message => message.Body)]);
        if (!Crashes())
        {
            foreach (var message in taken)
            {
                queue.Remove(message);
            }
        }
    }

    private void Match(IReadOnlyList<object> told)
    {
        var held = told.Select(HeldDocument.Of).ToArray();
        var open = held.SelectMany(one => one.EarlierOrders.Append(one.OrderNo)).Distinct().ToDictionary(number => number, number =>
        {
            var dossier = new Dossier(number);
            dossiers.GetValueOrDefault(number)?.ForEach(dossier.Read);
            return dossier;
        });
        foreach (var document in held)
        {
            open[document.OrderNo].Take(document);
            foreach (var earlier in document.EarlierOrders)
            {
                open[earlier].Leave(document);
            }
        }

        var known = consignments.Values.ToLookup(one => one.OrderNo);
        var results = new List<JudgedConsignment>();
        foreach (var dossier in open.Values.Where(one => one.HasNews))
        {
            if (!dossiers.TryGetValue(dossier.OrderNo, out var notes))
            {
                dossiers.Add(dossier.OrderNo, notes = []);
            }

            notes.Add(dossier.News());
            results.AddRange(ConsignmentJoin.Join(dossier, known[dossier.OrderNo]).Select(joined => Judging.Judge(
                joined, consignments.GetValueOrDefault((joined.OrderNo, joined.PlatformCode)), joined.Order?.Order.Mode, Counts, ForcedOutcome.None, Options, Now)));
        }

        foreach (var one in results)
        {
            consignments[(one.Consignment.OrderNo, one.Consignment.PlatformCode)] = one.Consignment;
            if (one.Verdict is { } verdict)
            {
                judged.Add(++ids, verdict);
            }
        }

        foreach (var number in ConsignmentJoin.Nameless(known, results).Intersect(results.Select(one => one.Consignment.OrderNo)))
        {
            consignments.Remove((number, ""));
        }
    }

    /// <summary>Says yes to every match that is newer than what it saw; the first verdict goes on with its tax.</summary>
    private void Assess(IReadOnlyList<object> told)
    {
        foreach (var verdict in told.Cast<ConsignmentJudged>())
        {
            var key = (verdict.PlatformCode, verdict.OrderNo);
            if (verdict.Revision <= taxed.GetValueOrDefault(key))
            {
                continue;
            }

            taxed[key] = verdict.Revision;
            if (verdict.State == ConsignmentState.Matched)
            {
                assessed.Add(++ids, new TaxAssessed(
                    verdict.PlatformCode, verdict.OrderNo, verdict.Revision, 1, TaxRoute.Preferential, 20, 0, 0, 0, 0, [], [], Now,
                    verdict.Revision == 1 ? verdict : null));
            }
        }
    }

    private void Decide(IReadOnlyList<object> told)
    {
        foreach (var arrival in Arrival.Gather([.. told.Where(one => one is not ConsignmentJudged verdict || Arrival.ComesAlone(verdict))]))
        {
            if (ClearanceChange.Of(arrival, clearances.GetValueOrDefault(arrival.Key), 1, ForcedOutcome.None, Now) is not { } change)
            {
                continue;
            }

            clearances[arrival.Key] = change.After;
            if (change.Decision is { } decision)
            {
                if (!decisions.TryGetValue(arrival.Key, out var before))
                {
                    decisions.Add(arrival.Key, before = []);
                }

                before.Add(decision);
            }
        }
    }

    /// <summary>Every document counts once, and every outcome is one that the oracle allows.</summary>
    private void Check()
    {
        var versions = documents.Where(one => one.Value.Count > 0).ToDictionary(
            one => one.Key, IList<Version> (one) => [.. one.Value.Select(version => new Version(version.Version, version.Id, stored[version.Id].Paper))]);
        var numbers = versions.Values.SelectMany(one => one.Select(version => version.Paper.OrderNo)).Distinct();
        foreach (var number in numbers)
        {
            var outcome = Oracle.Of(number, [.. versions.Values.Where(one => one.Any(version => version.Paper.OrderNo == number))]);
            var rows = consignments.Values.Where(one => one.OrderNo == number).ToArray();
            if (outcome is null ? rows.Any(one => one.State != ConsignmentState.Waiting) : rows.Length != 1
                || (rows[0].PlatformCode, rows[0].State.ToString()) != (outcome.Platform, outcome.State))
            {
                // An emptied platform's row stays, Waiting, beside the one without a platform of a waybill that came alone.
                var others = rows.Where(one => outcome is null || one.PlatformCode != outcome.Platform).ToArray();
                if (outcome is null || rows.Length - others.Length != 1 || others.Any(one => one.State != ConsignmentState.Waiting)
                    || rows.Single(one => one.PlatformCode == outcome.Platform).State.ToString() != outcome.State)
                {
                    faults.Add($"{number} is {string.Join(", ", rows.Select(one => $"{one.PlatformCode} {one.State}"))} instead of {outcome?.Platform} {outcome?.State}.");
                }
            }

            foreach (var (key, clearance) in clearances.Where(one => one.Key.OrderNo == number))
            {
                var made = decisions.GetValueOrDefault(key) ?? [];
                if (!made.Select(one => one.Number).SequenceEqual(Enumerable.Range(1, made.Count)))
                {
                    faults.Add($"{key}: decisions {string.Join(", ", made.Select(one => one.Number))}.");
                }

                if (clearance.Revision != consignments[(number, key.PlatformCode)].Revision)
                {
                    faults.Add($"{key}: customs has verdict {clearance.Revision} of {consignments[(number, key.PlatformCode)].Revision}.");
                }
            }

            if (outcome is not null)
            {
                var clearance = clearances.GetValueOrDefault(new(outcome.Platform, number));
                var stands = clearance?.Status is { } status ? ((int)status, clearance.Code!) : ((int, string)?)null;
                if (!outcome.Allowed.Contains(stands))
                {
                    faults.Add($"{number} is {stands} and may be {string.Join(" or ", outcome.Allowed)}.");
                }
            }
        }
    }

    /// <param name="Later">Sent when this is answered, in any order.</param>
    /// <param name="Id">What was answered; null where nothing is stored.</param>
    private sealed record Sending(Spec Spec, IReadOnlyList<Spec> Later, Guid? Id = null);

    private sealed record Message(long Id, object Body);

    private sealed class Outbox(params string[] queues)
    {
        public IReadOnlyList<string> Queues => queues;

        public List<Message> Rows { get; } = [];

        public void Add(long id, object body) => Rows.Add(new(id, body));
    }
}
