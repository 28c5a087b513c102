using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Intake;

/// <summary>
/// Stores documents. Requests that arrive while a commit is under way share the next one: one document per request
/// costs nearly as little as a batch, and a lone document never waits for company. Documents, events and remembered
/// answers are one transaction; a request is answered after its commit.
/// </summary>
internal sealed partial class IntakeWriter<TAccepted>(
    IntakeKind<TAccepted> kind,
    NpgsqlDataSource database,
    OutboxSignal signal,
    IOptions<IntakeOptions> options,
    TimeProvider time,
    ILogger<IntakeWriter<TAccepted>> log) : BackgroundService
{
    private static readonly Counter<long> Documents = SandanActivity.Meter.CreateCounter<long>("sandan.intake.documents");
    private static readonly Histogram<int> GroupSize = SandanActivity.Meter.CreateHistogram<int>("sandan.intake.group_size");
    private const int RacesMax = 5;

    private readonly Channel<IntakeRequest<TAccepted>> waiting =
        Channel.CreateUnbounded<IntakeRequest<TAccepted>>(new() { SingleReader = true });

    private long documentsWaiting;
    private long bytesWaiting;

    /// <summary>Hands a request over; null where too much is waiting already. A lone request is never too much.</summary>
    public Task<IntakeAnswer>? Submit(IntakeRequest<TAccepted> request)
    {
        var documents = Interlocked.Add(ref documentsWaiting, request.Items.Count);
        var bytes = Interlocked.Add(ref bytesWaiting, request.Bytes);
        var isTooMuch = documents > options.Value.DocumentsWaitingMax || bytes > options.Value.BytesWaitingMax;
        if ((isTooMuch && documents > request.Items.Count) || !waiting.Writer.TryWrite(request))
        {
            Done(request);
            return null;
        }

        return request.Answer.Task;
    }

    private void Done(IntakeRequest<TAccepted> request)
    {
        Interlocked.Add(ref documentsWaiting, -request.Items.Count);
        Interlocked.Add(ref bytesWaiting, -request.Bytes);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            var group = new List<IntakeRequest<TAccepted>>();
            var documents = 0;
            while (documents < options.Value.DocumentsPerCommitMax && waiting.Reader.TryRead(out var request))
            {
                group.Add(request);
                documents += request.Items.Count;
            }

            await AnswerAsync(group, documents, stoppingToken);
            group.ForEach(Done);
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

    private async Task AnswerAsync(List<IntakeRequest<TAccepted>> group, int documents, CancellationToken ct)
    {
        var parent = group.Find(request => request.TraceParent is not null)?.TraceParent;
        using var activity = SandanActivity.Source.StartActivity("store documents", ActivityKind.Internal, parent);
        GroupSize.Record(documents);
        try
        {
            var answers = await StoreAsync(group, ct);
            for (var at = 0; at < group.Count; at++)
            {
                if (answers[at] is { } answer)
                {
                    group[at].Answer.SetResult(answer);
                }
                else
                {
                    group[at].Answer.SetException(new IdempotencyKeyReusedException());
                }
            }
        }
        catch (Exception trouble)
        {
            // Nothing of the group was stored, or the answer to its commit was lost: the senders repeat, which is safe.
            NotStored(log, documents, trouble.Message);
            group.ForEach(request => request.Answer.TrySetException(trouble));
        }
    }

    /// <summary>Another replica may take a number between our look and our write, or wait for ours: then we look again.</summary>
    private async Task<IntakeAnswer?[]> StoreAsync(List<IntakeRequest<TAccepted>> group, CancellationToken ct)
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

    /// <summary>One answer per request; null where its Idempotency-Key belongs to another body.</summary>
    private async Task<IntakeAnswer?[]> TryStoreAsync(List<IntakeRequest<TAccepted>> group, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var remembered = await RememberedAsync(unit, group, ct);
        var keys = group.SelectMany(request => request.Items).Select(item => item.Prepared?.Key).OfType<string>()
            .Distinct().ToArray();
        var history = keys.Length == 0 ? [] : await DocumentStore.HistoryAsync(unit, kind.Message.Type, keys, ct);

        var now = time.GetUtcNow();
        var versions = new List<NewVersion>();
        var accepted = new List<(TAccepted Accepted, int Bytes)>();
        var toRemember = new List<(AnswerKey Key, RememberedAnswer Answer)>();
        var answers = new IntakeAnswer?[group.Count];
        for (var at = 0; at < group.Count; at++)
        {
            var request = group[at];
            if (request.IdempotencyKey is { } key && remembered.TryGetValue(key, out var before))
            {
                answers[at] = before.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint)
                    ? new(before.Status, before.ContentType, before.Answer, Replayed: true)
                    : null;
                continue;
            }

            var results = request.Items.Select(item =>
            {
                var result = Decide(item, request.Sender, history, now, versions, accepted);
                return item.Warnings.Count == 0 ? result : result with { Warnings = item.Warnings };
            }).ToArray();
            answers[at] = request.Render(results);
            if (request.IdempotencyKey is { } newKey)
            {
                var answer = new RememberedAnswer(
                    request.Fingerprint, answers[at]!.Status, answers[at]!.ContentType, answers[at]!.Body);
                remembered.Add(newKey, answer);
                toRemember.Add((newKey, answer));
            }
        }

        if (toRemember.Count > 0)
        {
            await DocumentStore.RememberAsync(unit, toRemember, now, ct);
        }

        if (versions.Count > 0)
        {
            // Sorted, so that two replicas do not wait for each other.
            var sorted = versions.OrderBy(one => one.Key, StringComparer.Ordinal).ThenBy(one => one.Stored.Version).ToList();
            await DocumentStore.AddAsync(unit, kind.Message.Type, sorted, ct);
        }

        Publish(unit, accepted);
        await unit.CommitAsync(ct);
        Documents.Add(versions.Count, new KeyValuePair<string, object?>("kind", kind.Message.Type));
        return answers;
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
                kind.Publish(unit, part);
                part = [];
                bytes = 0;
            }

            part.Add(one);
            bytes += length;
        }

        if (part.Count > 0)
        {
            kind.Publish(unit, part);
        }
    }

    private static async Task<Dictionary<AnswerKey, RememberedAnswer>> RememberedAsync(
        UnitOfWork unit, List<IntakeRequest<TAccepted>> group, CancellationToken ct)
    {
        var keys = group.Select(request => request.IdempotencyKey).OfType<AnswerKey>().Distinct().ToArray();
        return keys.Length == 0 ? [] : await DocumentStore.AnswersAsync(unit, keys, ct);
    }

    private IntakeResult Decide(
        IntakeItem<TAccepted> item,
        string sender,
        Dictionary<string, List<StoredVersion>> history,
        DateTimeOffset now,
        List<NewVersion> versions,
        List<(TAccepted Accepted, int Bytes)> accepted)
    {
        if (item.Prepared is not { } document)
        {
            return new(item.Index, IntakeOutcome.Rejected, null, null, item.Errors);
        }

        if (!history.TryGetValue(document.Key, out var stored))
        {
            history.Add(document.Key, stored = []);
        }

        var outcome = IntakeDecision.Decide(stored, document.Incoming);
        switch (outcome)
        {
            case IntakeOutcome.Exists:
                var known = stored.FindLast(one => one.ContentHash.AsSpan().SequenceEqual(document.Incoming.ContentHash))
                    ?? stored[^1];
                return new(item.Index, outcome, known.Id, known.Version, []);
            case IntakeOutcome.Stale:
                return new(item.Index, outcome, stored[^1].Id, stored[^1].Version, [Refusal(kind.Codes.Old, "/appTime")]);
            case IntakeOutcome.Conflict:
                return new(item.Index, outcome, stored[^1].Id, stored[^1].Version, [Refusal(kind.Codes.Exists, Number())]);
            case IntakeOutcome.Rejected:
                return new(item.Index, outcome, null, null, [Refusal(kind.Codes.NothingToActOn, "/appType")]);
        }

        var version = new StoredVersion(
            document.Id, stored.Count + 1, document.Incoming.AppTime, document.Incoming.ContentHash,
            outcome == IntakeOutcome.Drafted, outcome == IntakeOutcome.Deleted);
        stored.Add(version);
        versions.Add(new(document.Key, version, sender, now, document.Sealed));

        // Nobody was told of a draft, so nobody is told of its end.
        if (!version.Draft && (!version.Deleted || stored.Any(one => one is { Draft: false, Deleted: false })))
        {
            accepted.Add((kind.WithVersion(document.Accepted, new(
                version.Id, version.Version, version.AppTime, document.AppTimeStated, now, version.Deleted)), document.Sealed.Length));
        }

        return new(item.Index, outcome, version.Id, version.Version, []);

        string Number() => "/" + kind.Key[^1];
        static FieldError Refusal(string code, string pointer) => new(pointer, code);
    }

    [LoggerMessage(LogLevel.Warning, "{Documents} documents were not stored, their senders will repeat: {Reason}")]
    private static partial void NotStored(ILogger log, int documents, string reason);

    [LoggerMessage(LogLevel.Information, "Another writer took a number first, deciding again ({Race})")]
    private static partial void Raced(ILogger log, int race);
}
