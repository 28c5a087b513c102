using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sandan.Intake.Endpoints;

/// <summary>
/// Reads a whole body, for which there must be room. A caller who hangs up ends the read by itself; to cancel it besides would
/// leave Kestrel with a read that it calls an error.
/// </summary>
internal static class RequestBody
{
    /// <summary>Where the length is not told. It grows fourfold each time: what is left behind on the way is garbage.</summary>
    private const int FirstBuffer = 16 * 1024;

    /// <summary>The body, or its first <paramref name="most"/> bytes where it has more; null where there is no room for it.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int most, Room room)
    {
        var end = (int)Math.Min(request.ContentLength ?? most, most);
        var buffer = Array.Empty<byte>();
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (filled > 0 && filled == end)
                {
                    return buffer;
                }

                var size = request.ContentLength is null ? Math.Max(FirstBuffer, 4L * filled) : end;
                size = size >= end - 1 ? Math.Max(end, 1) : size; // the last byte is not worth another copy of all others
                if (!room.TryGrow(size))
                {
                    await DiscardAsync(request, end - filled);
                    return null;
                }

                var larger = GC.AllocateUninitializedArray<byte>((int)size);
                buffer.AsSpan(0, filled).CopyTo(larger);
                buffer = larger;
            }

            var read = await request.Body.ReadAsync(buffer.AsMemory(filled), CancellationToken.None);
            if (read == 0)
            {
                return buffer.AsMemory(0, filled);
            }

            filled += read;
        }
    }

    /// <summary>
    /// Reads on to the end of what may be sent. Kestrel would for five seconds, then close the connection: a gateway that still sends would
    /// never see the answer, and say that the service is away.
    /// </summary>
    private static async Task DiscardAsync(HttpRequest request, long most)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            for (var read = -1; read != 0 && most > 0; most -= read)
            {
                read = await request.Body.ReadAsync(buffer, CancellationToken.None);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
