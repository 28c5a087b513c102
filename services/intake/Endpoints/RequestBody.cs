using Microsoft.AspNetCore.Http;

namespace Sandan.Intake.Endpoints;

/// <summary>
/// Reads a whole body; Kestrel's limit bounds it. Memory grows with what came, not with what was announced. A caller who
/// hangs up ends the read by itself; to cancel it besides would leave Kestrel with a read that it calls an error.
/// </summary>
internal static class RequestBody
{
    private const int FirstBuffer = 16 * 1024;
    private const int FirstBufferMax = 1024 * 1024;

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request)
    {
        var buffer = new byte[request.ContentLength is { } length and > 0 ? Math.Min(length, FirstBufferMax) : FirstBuffer];
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (filled == request.ContentLength)
                {
                    return buffer;
                }

                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, request.ContentLength ?? long.MaxValue));
            }

            var read = await request.Body.ReadAsync(buffer.AsMemory(filled), CancellationToken.None);
            if (read == 0)
            {
                return buffer.AsMemory(0, filled);
            }

            filled += read;
        }
    }
}
