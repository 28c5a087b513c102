using MessagePack;
using MessagePack.Resolvers;
using Sandan.Customs.Domain;

namespace Sandan.Customs.Storage;

/// <summary>
/// A clearance as the bytes of its row, without what has a column of its own: MessagePack, with the keys that stand at
/// the members of <see cref="Clearance"/>. As with events, a key is added at the end and never used again.
/// </summary>
internal static class ClearanceBytes
{
    private static readonly MessagePackSerializerOptions Options = MessagePackSerializerOptions.Standard.WithResolver(
        CompositeResolver.Create(NativeDecimalResolver.Instance, StandardResolverAllowPrivate.Instance));

    public static byte[] Write(Clearance clearance) => MessagePackSerializer.Serialize(clearance, Options);

    public static Clearance Read(ReadOnlyMemory<byte> bytes) =>
        MessagePackSerializer.Deserialize<Clearance>(bytes, Options);
}
