using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Intake;

/// <summary>
/// Stores documents. Requests that arrive while a commit is under way, and a moment behind it, share the next one; a
/// lone document never waits for company. Documents, events and remembered answers are one transaction; a request is
/// answered after its commit.
/// </summary>
internal sealed partial class IntakeWriter<TAccepted>(
    IntakeKind<TAccepted> kind,
    PersonalData personal,
    DataKeys dataKeys,
    NpgsqlDataSource database,
    OutboxSignal signal,
    ConsumerBacklog<TAccepted> backlog,
    IOptions<IntakeOptions> options,
    TimeProvider time,
    ILogger<IntakeWriter<TAccepted>> log) : BackgroundService
{
    private static readonly Counter<long> Documents = SandanActivity.Meter.CreateCounter<long>("sandan.intake.documents");
    private static readonly Histogram<int> GroupSize = SandanActivity.Meter.CreateHistogram<int>("sandan.intake.group_size");
    private const int RacesMax = 5;
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(5);

    private readonly char? letter = GivenNumbers.LetterOf(kind.Message);
    private readonly Pace pace = new(times: 1, RestMax, time);

    private readonly Channel<IntakeRequest> waiting =
        Channel.CreateUnbounded<IntakeRequest>(new() { SingleReader = true });

    /// <summary>Hands a request over; how many wait is bounded by <see cref="Admission{TAccepted}"/>.</summary>
    /// <exception cref="ChannelClosedException">The service is stopping.</exception>
    public async Task<IntakeReply> SubmitAsync(IntakeRequest request, CancellationToken ct)
    {
        await waiting.Writer.WriteAsync(request, ct);
        return await request.Reply.Task;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            var group = new List<IntakeRequest>();
            var documents = 0;
            while (documents < options.Value.DocumentsPerCommitMax && waiting.Reader.TryRead(out var request))
            {
                group.Add(request);
                documents += request.Items.Count;
            }

            pace.Begin();
            await AnswerAsync(group, documents, stoppingToken);
            pace.End();
            await pace.RestAsync(stoppingToken);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The web server has stopped taking requests before us: what is still waiting gets its answer.
        waiting.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    private async Task AnswerAsync(List<IntakeRequest> group, int documents, CancellationToken ct)
    {
        var parent = group.Find(request => request.TraceParent is not null)?.TraceParent;
        using var activity = SandanActivity.Source.StartActivity("store documents", ActivityKind.Internal, parent);
        GroupSize.Record(documents);
        try
        {
            var replies = await StoreAsync(group, ct);
            for (var at = 0; at < group.Count; at++)
            {
                if (replies[at] is { } reply)
                {
                    group[at].Reply.SetResult(reply);
                }
                else
                {
                    group[at].Reply.SetException(new IdempotencyKeyReusedException());
                }
            }
        }
        catch (Exception defect) when (group.Count > 1 && defect is not (NpgsqlException or OperationCanceledException))
        {
            // One of them meets a defect of ours: the others are not to pay for it.
            foreach (var request in group)
            {
                await AnswerAsync([request], request.Items.Count, ct);
            }
        }
        catch (Exception trouble)
        {
            // Nothing of the group was stored, or the answer to its commit was lost: the senders repeat, which is safe.
            NotStored(log, documents, trouble.Message);
            group.ForEach(request => request.Reply.TrySetException(trouble));
        }
    }

    /// <summary>Another replica may take a number between our look and our write, or wait for ours: then we look again.</summary>
    private async Task<IntakeReply?[]> StoreAsync(List<IntakeRequest> group, CancellationToken ct)
    {
        for (var race = 1; ; race++)
        {
            try
            {
                return await TryStoreAsync(group, ct);
            }
            catch (PostgresException lost) when (race < RacesMax
                && lost.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
            {
                Raced(log, race);
            }
            catch (ObjectDisposedException broken)
            {
                // So Npgsql calls a connection that broke between two statements: the database is away, no defect.
                throw new NpgsqlException(broken.Message, new IOException(broken.Message, broken));
            }
        }
    }

    /// <summary>One reply per request; null where its Idempotency-Key belongs to another body.</summary>
    private async Task<IntakeReply?[]> TryStoreAsync(List<IntakeRequest> group, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var remembered = await RememberedAsync(unit, group, ct);
        var keys = group.SelectMany(request => request.Items).Select(item => item.Prepared?.Key).OfType<string>()
            .Distinct().ToArray();
        var history = keys.Length == 0 ? [] : await DocumentStore.HistoryAsync(unit, kind.Message.Type, keys, ct);

        var now = time.GetUtcNow();
        var transaction = new Transaction(now, history, new(dataKeys.Of(now)))
        {
            Numbers = letter is null ? [] : await DocumentStore.NumbersAsync(unit, keys.Count(key => !history.ContainsKey(key)), ct),
        };
        var toRemember = new List<(AnswerKey Key, RememberedAnswer Answer)>();
        var replies = new IntakeReply?[group.Count];
        for (var at = 0; at < group.Count; at++)
        {
            var request = group[at];
            if (request.IdempotencyKey is { } key && remembered.TryGetValue(key, out var before))
            {
                replies[at] = before.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint)
                    ? new([], new(before.Status, before.ContentType, before.Answer, Replayed: true))
                    : null;
                continue;
            }

            var results = new IntakeResult[request.Items.Count];
            for (var item = 0; item < results.Length; item++)
            {
                results[item] = Decide(request.Items[item], request.Sender, transaction);
            }

            replies[at] = new(results);
            if (request.IdempotencyKey is { } newKey)
            {
                var rendered = request.Render(results);
                var answer = new RememberedAnswer(request.Fingerprint, rendered.Status, rendered.ContentType, rendered.Body);
                replies[at] = new(results, rendered);
                remembered.Add(newKey, answer);
                toRemember.Add((newKey, answer));
            }
        }

        if (toRemember.Count > 0)
        {
            await DocumentStore.RememberAsync(unit, toRemember, transaction.Now, ct);
        }

        if (transaction.Versions.Count > 0)
        {
            // Sorted, so that two replicas do not wait for each other.
            var sorted = transaction.Versions.OrderBy(one => one.Key, StringComparer.Ordinal).ThenBy(one => one.Stored.Version).ToArray();
            await DocumentStore.AddAsync(unit, kind.Message.Type, sorted, transaction.Blocks.Seal(), transaction.Now, ct);
        }

        Publish(unit, transaction.Accepted);
        await unit.CommitAsync(ct);
        Documents.Add(transaction.Versions.Count, new KeyValuePair<string, object?>("kind", kind.Message.Type));
        return replies;
    }

    /// <summary>In as many events as it takes to keep each of them small enough for the broker.</summary>
    private void Publish(UnitOfWork unit, List<(TAccepted Accepted, int Bytes)> accepted)
    {
        var part = new List<TAccepted>();
        var bytes = 0L;
        foreach (var (one, length) in accepted)
        {
            if (part.Count > 0
                && (part.Count == options.Value.DocumentsPerEventMax || bytes + length > options.Value.BytesPerEventMax))
            {
                Tell();
                part = [];
                bytes = 0;
            }

            part.Add(one);
            bytes += length;
        }

        if (part.Count > 0)
        {
            Tell();
        }

        void Tell()
        {
            kind.Publish(unit, part);
            backlog.Published(part.Count);
        }
    }

    private static async Task<Dictionary<AnswerKey, RememberedAnswer>> RememberedAsync(
        UnitOfWork unit, List<IntakeRequest> group, CancellationToken ct)
    {
        var keys = group.Select(request => request.IdempotencyKey).OfType<AnswerKey>().Distinct().ToArray();
        return keys.Length == 0 ? [] : await DocumentStore.AnswersAsync(unit, keys, ct);
    }

    private IntakeResult Decide(IntakeItem item, string sender, Transaction transaction)
    {
        List<StoredVersion>? stored = null;
        if (item.Prepared is not { } document)
        {
            return Result(IntakeOutcome.Rejected, null, item.Errors);
        }

        if (!transaction.History.TryGetValue(document.Key, out stored))
        {
            transaction.History.Add(document.Key, stored = []);
        }

        var outcome = IntakeDecision.Decide(stored, document.Incoming);
        var renews = outcome == IntakeOutcome.Conflict && IntakeDecision.Renews(stored, document.Incoming, kind.NumberRecursAfterMonths, transaction.Now);
        if (renews)
        {
            outcome = document.Incoming.Draft ? IntakeOutcome.Drafted : IntakeOutcome.Created;
        }

        switch (outcome)
        {
            case IntakeOutcome.Exists:
                return Result(outcome, IntakeDecision.KnownOf(stored, document.Incoming), []);
            case IntakeOutcome.Stale:
                return Result(outcome, stored[^1], [new("/appTime", kind.Codes.Old)]);
            case IntakeOutcome.Conflict:
                return Result(outcome, stored[^1], [new("/" + kind.Key[^1], kind.Codes.Exists)]);
            case IntakeOutcome.Rejected:
                return Result(outcome, null, [new("/appType", kind.Codes.NothingToActOn)]);
            case IntakeOutcome.Changed or IntakeOutcome.Deleted when document.Stands:
                return Result(IntakeOutcome.Conflict, stored[^1], [new("/appType", kind.Codes.Declared!)]);
        }

        var version = new StoredVersion(
            transaction.Ids.Next(), stored.Count + 1, document.Incoming.AppTime, document.Incoming.ContentHash,
            outcome == IntakeOutcome.Drafted, outcome == IntakeOutcome.Deleted)
        {
            AppTimeStated = document.AppTimeStated,
            ReceivedAt = transaction.Now,
            OrderNo = kind.OrderNo(document.Document),
            Renews = renews,
            Number = letter is null ? null : stored.Count > 0 ? stored[0].Number : transaction.Numbers.Dequeue(),
        };
        stored.Add(version);
        transaction.Versions.Add(new(document.Key, version, sender, transaction.Blocks.Add(version.Id, document.Raw.Span)));
        if (Telling.Of(stored) is { } told)
        {
            transaction.Accepted.Add((kind.Describe(document.Document, personal, told, NumbersOf(stored)), document.Raw.Length));
        }

        return Result(outcome, version, []);

        IntakeResult Result(IntakeOutcome became, StoredVersion? known, IReadOnlyList<FieldError> errors) =>
            new(item.Index, became, known?.Id, known?.Version, errors)
            {
                Warnings = item.Warnings,
                PreNo = known is null ? null : NumbersOf(stored!)?.PreNo(letter!.Value),
            };
    }

    private static GivenNumbers? NumbersOf(List<StoredVersion> stored) =>
        stored[0].Number is { } number ? new(number, stored[0].ReceivedAt) : null;

    /// <summary>What one transaction has decided so far.</summary>
    private sealed record Transaction(DateTimeOffset Now, Dictionary<string, List<StoredVersion>> History, BodyBlocks Blocks)
    {
        public VersionIds Ids { get; } = new(Now);

        /// <summary>For documents that are new and have a number; some may be left.</summary>
        public required Queue<long> Numbers { get; init; }

        public List<NewVersion> Versions { get; } = [];

        public List<(TAccepted Accepted, int Bytes)> Accepted { get; } = [];
    }

    [LoggerMessage(LogLevel.Warning, "{Documents} documents were not stored, their senders will repeat: {Reason}")]
    private static partial void NotStored(ILogger log, int documents, string reason);

    [LoggerMessage(LogLevel.Information, "Another writer took a number first, deciding again ({Race})")]
    private static partial void Raced(ILogger log, int race);
}
