using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RabbitMQ.Client;

namespace Sandan.Twin;

/// <summary>Takes documents of one kind in: requests that come together share a transaction and a message.</summary>
internal sealed class Intake(DocumentKind kind, NpgsqlDataSource database, Broker broker) : BackgroundService
{
    private const int BodyBytesMax = 8 << 20;

    /// <summary>Requests in one transaction.</summary>
    private const int GroupMax = 8;

    private readonly Channel<Submission> submissions =
        Channel.CreateUnbounded<Submission>(new() { SingleReader = true });

    /// <summary>200 when all documents of the request are durable and on their way.</summary>
    public async Task<Results<Ok, BadRequest<string>>> SubmitAsync(HttpRequest request, CancellationToken ct)
    {
        var size = (int)Math.Min(request.ContentLength ?? BodyBytesMax, BodyBytesMax);
        var body = ArrayPool<byte>.Shared.Rent(size + 1);
        try
        {
            // One octet more than there may be, so that the end is seen.
            var length = await request.Body.ReadAtLeastAsync(
                body.AsMemory(0, size + 1), size + 1, throwOnEndOfStream: false, ct);
            if (length > size)
            {
                return TypedResults.BadRequest("The request is too long.");
            }

            var reader = new DocumentReader(kind, length);
            reader.Read(body.AsSpan(0, length));
            var submission = new Submission(reader.Rows.WrittenMemory, reader.Facts.WrittenMemory);
            submissions.Writer.TryWrite(submission);
            await submission.Done.Task;
            return TypedResults.Ok();
        }
        catch (Exception trouble) when (trouble is JsonException or FormatException)
        {
            return TypedResults.BadRequest(trouble.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var postgres = await database.OpenConnectionAsync(stoppingToken);
        await using var connection = await broker.ConnectAsync(stoppingToken);
        await using var channel = await Broker.OpenChannelAsync(connection, stoppingToken);
        while (await submissions.Reader.WaitToReadAsync(stoppingToken))
        {
            List<Submission> group = [];
            while (group.Count < GroupMax && submissions.Reader.TryRead(out var submission))
            {
                group.Add(submission);
            }

            try
            {
                await Database.CopyAsync(postgres, kind.Table, group.Select(one => one.Rows), stoppingToken);
            }
            catch (PostgresException refused)
            {
                group.ForEach(one => one.Done.SetException(refused));
                continue;
            }

            // The next group is stored while this one waits for its confirm.
            _ = PublishAsync(channel, group, stoppingToken);
        }
    }

    private async Task PublishAsync(IChannel channel, List<Submission> group, CancellationToken ct)
    {
        try
        {
            var message = new byte[1 + group.Sum(one => one.Facts.Length)];
            message[0] = kind.Number;
            var end = 1;
            foreach (var submission in group)
            {
                submission.Facts.CopyTo(message.AsMemory(end));
                end += submission.Facts.Length;
            }

            await Broker.PublishAsync(channel, exchange: "", broker.Documents, message, ct);
            group.ForEach(one => one.Done.SetResult());
        }
        catch (Exception trouble) // whatever it is, those who wait are told
        {
            group.ForEach(one => one.Done.TrySetException(trouble));
        }
    }

    private sealed record Submission(ReadOnlyMemory<byte> Rows, ReadOnlyMemory<byte> Facts)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
