using System.Buffers;

namespace Sandan.Customs.Feed;

/// <summary>Bytes in an array of the shared pool, for an answer whose length is to be known before it is sent.</summary>
internal sealed class PooledBuffer(int size) : IBufferWriter<byte>, IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(size);
    private int written;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, written);

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = int.Max(sizeHint, 1);
        if (bytes.Length - written < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(int.Max(bytes.Length * 2, written + wanted));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }
}
