using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>An answer as it stood on the wire.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    /// <summary>A header's value; null where it is not there.</summary>
    public string? Header(string name) => Head.Split("\r\n").Skip(1).Select(line => line.Split(':', 2))
        .FirstOrDefault(parts => parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();

    public override string ToString() => $"{Status} {Body}";
}

/// <summary>A connection on which any bytes go out, and answers are read one by one.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long an answer is waited for that should not come.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly TcpClient socket = new() { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];
    private NetworkStream stream = null!;
    private int from;
    private int to;

    public static async Task<RawConnection> OpenAsync(Uri door)
    {
        var connection = new RawConnection();
        await connection.socket.ConnectAsync(door.Host, door.Port);
        connection.stream = connection.socket.GetStream();
        return connection;
    }

    /// <summary>Sends text, each character as one byte.</summary>
    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task WriteAsync(byte[] bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        await stream.WriteAsync(bytes, patience.Token);
    }

    /// <summary>Sends text until the other side does not take it any more, or enough is sent; true where all went.</summary>
    public async Task<bool> TryWriteAsync(byte[] bytes)
    {
        try
        {
            await WriteAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>No more comes from this side.</summary>
    public void EndWriting() => socket.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection instead of closing it.</summary>
    public void Reset()
    {
        socket.Client.LingerState = new(true, 0);
        socket.Client.Close();
    }

    /// <summary>The next answer; null where the connection ends before one, or goes over to another protocol.</summary>
    public Task<RawAnswer?> ReadAsync() => ReadAsync(Patience);

    /// <summary>Every answer up to the end of the connection, or until none has come for a moment.</summary>
    public async Task<List<RawAnswer>> ReadAllAsync()
    {
        var answers = new List<RawAnswer>();
        while (await ReadAsync(answers.Count == 0 ? Patience : Pause) is { } answer)
        {
            answers.Add(answer);
        }

        return answers;
    }

    private async Task<RawAnswer?> ReadAsync(TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(atMost);
        try
        {
            if (await LineAsync(patience.Token) is not { } first || !first.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            {
                return null;
            }

            var head = new StringBuilder(first);
            while (await LineAsync(patience.Token) is { Length: > 0 } line)
            {
                head.Append("\r\n").Append(line);
            }

            var answer = new RawAnswer(int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture), head.ToString(), "");
            return answer with { Body = await BodyAsync(answer, patience.Token) };
        }
        catch (IOException)
        {
            return null; // reset
        }
        catch (OperationCanceledException) when (atMost == Pause)
        {
            return null;
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<string> BodyAsync(RawAnswer answer, CancellationToken ct)
    {
        if (answer.Status is 204 or 304 or (>= 100 and < 200) || answer.Header("Content-Type") == "text/event-stream")
        {
            return ""; // a stream has no end
        }

        if (answer.Header("Content-Length") is { } length)
        {
            return await BytesAsync(int.Parse(length, CultureInfo.InvariantCulture), ct);
        }

        if (answer.Header("Transfer-Encoding") != "chunked")
        {
            return "";
        }

        var body = new StringBuilder();
        while (await LineAsync(ct) is { } size && int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var count)
        {
            body.Append(await BytesAsync(count, ct));
            await LineAsync(ct);
        }

        await LineAsync(ct);
        return body.ToString();
    }

    private async Task<string?> LineAsync(CancellationToken ct)
    {
        var line = new List<byte>();
        while (await FillAsync(ct))
        {
            var one = buffer[from++];
            if (one == '\n')
            {
                return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one);
        }

        return line.Count == 0 ? null : Encoding.Latin1.GetString([.. line]);
    }

    private async Task<string> BytesAsync(int count, CancellationToken ct)
    {
        var bytes = new List<byte>(count);
        while (bytes.Count < count && await FillAsync(ct))
        {
            var some = Math.Min(count - bytes.Count, to - from);
            bytes.AddRange(buffer.AsSpan(from, some));
            from += some;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private async Task<bool> FillAsync(CancellationToken ct)
    {
        if (from == to)
        {
            (from, to) = (0, await stream.ReadAsync(buffer, ct));
        }

        return to > from;
    }
}
