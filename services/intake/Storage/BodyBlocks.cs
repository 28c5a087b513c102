using System.Buffers;
using System.Buffers.Binary;
using Sandan.Shared.Security;

namespace Sandan.Intake.Storage;

/// <summary>Documents that were encrypted together.</summary>
/// <param name="Sealed">See <see cref="DataKey"/>; bound to the id.</param>
internal sealed record SealedBlock(Guid Id, byte[] Sealed);

/// <summary>
/// The raw documents of one transaction, as they came, encrypted some dozens at a time: a key, a row and an index entry
/// for each of them would cost more than all else that is done to it. Layout of a block in clear: for each document its
/// id (16), its length (4, big endian) and its bytes.
/// </summary>
internal sealed class BodyBlocks(DataKey key)
{
    /// <summary>A block that holds so much takes no further document: who wants one of them decrypts them all.</summary>
    private const int BytesMax = 64 * 1024;

    private const int HeadBytes = 16 + sizeof(int);

    private readonly List<SealedBlock> blocks = [];
    private readonly ArrayBufferWriter<byte> open = new();
    private Guid id;

    /// <summary>Adds a document; returns the id of its block.</summary>
    public Guid Add(Guid document, ReadOnlySpan<byte> raw)
    {
        if (open.WrittenCount > 0 && open.WrittenCount + HeadBytes + raw.Length > BytesMax)
        {
            Close();
        }

        if (open.WrittenCount == 0)
        {
            id = document;
        }

        var head = open.GetSpan(HeadBytes);
        document.TryWriteBytes(head, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(head[16..], raw.Length);
        open.Advance(HeadBytes);
        open.Write(raw);
        return id;
    }

    /// <summary>All blocks, encrypted.</summary>
    public IReadOnlyCollection<SealedBlock> Seal()
    {
        if (open.WrittenCount > 0)
        {
            Close();
        }

        return blocks;
    }

    /// <summary>A document of a block in clear.</summary>
    /// <exception cref="KeyNotFoundException">It is in another block.</exception>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> block, Guid document)
    {
        while (block.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(block[16..]);
            if (new Guid(block[..16], bigEndian: true) == document)
            {
                return block.Slice(HeadBytes, length);
            }

            block = block[(HeadBytes + length)..];
        }

        throw new KeyNotFoundException($"The block does not hold {document}.");
    }

    private void Close()
    {
        blocks.Add(new(id, key.Encrypt(open.WrittenSpan, id)));
        open.Clear(); // with zeros: what is personal does not stay in memory longer than it must
    }
}
