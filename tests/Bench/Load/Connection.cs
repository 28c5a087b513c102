using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Sandan.Bench.Load;

/// <summary>An answer; its body is valid until the next request on the same connection.</summary>
internal readonly record struct Answer(int Status, int RetryAfterSeconds, ReadOnlyMemory<byte> Body);

/// <summary>
/// One HTTP/1.1 connection, kept alive, one request at a time. HttpClient costs several times as much, and the generator
/// shares its cores with what it measures.
/// </summary>
internal sealed class Connection(IPEndPoint server) : IDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private Socket? socket;
    private byte[] input = new byte[64 * 1024];
    private byte[] body = new byte[64 * 1024];
    private int from;
    private int to;

    /// <summary>Sends a request and reads its whole answer.</summary>
    /// <param name="head">Request line and headers with their closing empty line.</param>
    /// <exception cref="IOException">The connection broke; the next call connects again.</exception>
    public async Task<Answer> SendAsync(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        try
        {
            if (socket is null)
            {
                socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                (from, to) = (0, 0);
                await socket.ConnectAsync(server, ct);
            }

            if (content.IsEmpty)
            {
                await SendAllAsync(head, ct);
            }
            else
            {
                await socket.SendAsync([Segment(head), Segment(content)]);
            }

            return await ReadAsync(ct);
        }
        catch (Exception trouble) when (trouble is SocketException or IOException)
        {
            Dispose();
            throw new IOException(trouble.Message, trouble);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private static ArraySegment<byte> Segment(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment) ? segment : new(bytes.ToArray());

    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket!.SendAsync(bytes, ct)..];
        }
    }

    private async Task<Answer> ReadAsync(CancellationToken ct)
    {
        int end;
        while ((end = input.AsSpan(from, to - from).IndexOf(EndOfHead)) < 0)
        {
            await FillAsync(ct);
        }

        var head = Head.Parse(input.AsSpan(from, end));
        from += end + EndOfHead.Length;
        var length = head.Length ?? 0;
        if (head.IsChunked)
        {
            length = await ReadChunksAsync(ct);
        }
        else
        {
            await ReadBodyAsync(0, length, ct);
        }

        return new(head.Status, head.RetryAfter, body.AsMemory(0, length));
    }

    private async Task<int> ReadChunksAsync(CancellationToken ct)
    {
        for (var length = 0; ;)
        {
            int line;
            while ((line = input.AsSpan(from, to - from).IndexOf("\r\n"u8)) < 0)
            {
                await FillAsync(ct);
            }

            if (!Utf8Parser.TryParse(input.AsSpan(from, line), out int size, out _, 'x'))
            {
                throw new IOException("A chunk without its size.");
            }

            from += line + 2;
            await ReadBodyAsync(length, size, ct);
            length += size;
            while (to - from < 2)
            {
                await FillAsync(ct);
            }

            from += 2;
            if (size == 0)
            {
                return length;
            }
        }
    }

    private async Task ReadBodyAsync(int at, int count, CancellationToken ct)
    {
        if (body.Length < at + count)
        {
            Array.Resize(ref body, Math.Max(at + count, body.Length * 2));
        }

        var buffered = Math.Min(count, to - from);
        input.AsSpan(from, buffered).CopyTo(body.AsSpan(at));
        from += buffered;
        while (buffered < count)
        {
            var read = await socket!.ReceiveAsync(body.AsMemory(at + buffered, count - buffered), ct);
            buffered += read > 0 ? read : throw new IOException("The server closed the connection.");
        }
    }

    private async Task FillAsync(CancellationToken ct)
    {
        if (from > 0)
        {
            input.AsSpan(from, to - from).CopyTo(input);
            (from, to) = (0, to - from);
        }

        if (to == input.Length)
        {
            Array.Resize(ref input, input.Length * 2);
        }

        var read = await socket!.ReceiveAsync(input.AsMemory(to), ct);
        to += read > 0 ? read : throw new IOException("The server closed the connection.");
    }

    private readonly record struct Head(int Status, int? Length, bool IsChunked, int RetryAfter)
    {
        public static Head Parse(ReadOnlySpan<byte> head)
        {
            if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _))
            {
                throw new IOException("The answer is not HTTP/1.1.");
            }

            int? length = null;
            var (isChunked, retryAfter) = (false, 0);
            foreach (var range in head.Split("\r\n"u8))
            {
                var line = head[range];
                var colon = line.IndexOf((byte)':');
                if (colon < 0)
                {
                    continue;
                }

                var name = line[..colon];
                var value = line[(colon + 1)..].TrimStart((byte)' ');
                if (Is(name, "content-length"u8) && Utf8Parser.TryParse(value, out int said, out _))
                {
                    length = said;
                }
                else if (Is(name, "transfer-encoding"u8))
                {
                    isChunked = true;
                }
                else if (Is(name, "retry-after"u8) && Utf8Parser.TryParse(value, out int seconds, out _))
                {
                    retryAfter = seconds;
                }
            }

            return new(status, length, isChunked, retryAfter);
        }

        private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other) =>
            System.Text.Ascii.EqualsIgnoreCase(name, other);
    }
}
