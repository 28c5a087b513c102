using System.Buffers;
using Sandan.Contracts.Ceb;

namespace Sandan.Customs.Declarations;

/// <summary>Messages that only customs send: CEB792, CEB816, CEB818.</summary>
internal static class OneWayMessage
{
    private const string Xml = "application/xml";

    /// <summary>Documents as JSON, with <c>Accept: application/xml</c> as the official message.</summary>
    /// <param name="bodies">Their members as JSON.</param>
    /// <param name="isList">Whether the JSON is an array, or the only document.</param>
    public static IResult Show(CebMessage message, IReadOnlyList<byte[]> bodies, HttpContext context, bool isList = false) =>
        context.Request.Headers.Accept.ToString().Contains(Xml, StringComparison.OrdinalIgnoreCase)
            ? Results.Bytes(ToXml(message, bodies), Xml + "; charset=utf-8")
            : Results.Bytes(isList ? ListOf(bodies) : bodies[0], "application/json; charset=utf-8");

    /// <summary>The official message.</summary>
    public static byte[] ToXml(CebMessage message, IReadOnlyList<byte[]> bodies)
    {
        var reader = new DocumentJsonReader(message);
        var documents = bodies.Select(body => reader.ReadOne(body, DateTimeOffset.UnixEpoch)).Select(item => item is { IsValid: true, Document: { } read }
            ? read
            : throw new InvalidOperationException($"What is kept is no {message}: {string.Join(", ", item.Errors.Select(one => one.Pointer))}")).ToArray();
        var output = new ArrayBufferWriter<byte>();
        CebXmlWriter.Write(output, message, documents[0]["guid"]!, null, documents);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] ListOf(IReadOnlyList<byte[]> bodies)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("["u8);
        for (var at = 0; at < bodies.Count; at++)
        {
            output.Write(at == 0 ? ""u8 : ","u8);
            output.Write(bodies[at]);
        }

        output.Write("]"u8);
        return output.WrittenSpan.ToArray();
    }
}
