using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;
using Yarp.ReverseProxy.Configuration;

namespace Sandan.Gateway.Endpoints;

/// <summary>
/// <c>POST /v1/ceb</c> takes every message of the standard, alone or in an envelope: its first bytes tell which it is, and it goes
/// on to the route of that message.
/// </summary>
internal sealed class AnyMessage(RequestDelegate next)
{
    private const string Route = "/v1/ceb";

    /// <summary>Most bytes of a body that is no message.</summary>
    private const int UnknownBytesMax = 1 << 20;

    private static readonly CebXmlReader Reader = new(CebMessage.All);

    /// <summary>Puts the route of the message in place of the common one.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && IsHere(context.Request.Path) && await FindAsync(context.Request.BodyReader) is { } message)
        {
            context.Request.Path = $"{Route}/{message.Type}";
        }

        await next(context);
    }

    /// <summary>Maps what no service takes: a body that is no message, and messages that only customs send.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Route, UnknownAsync).WithMetadata(new RequestSizeLimitAttribute(UnknownBytesMax));
        app.MapPost(Route + "/{messageType}", NotTaken); // those that are taken have routes of their own, which come before this one
    }

    /// <summary>As routing compares: case and a slash at the end do not matter.</summary>
    private static bool IsHere(PathString path) => path == Route || path == Route + "/";

    /// <summary>Looks at the first bytes and leaves them where they are. A caller who hangs up ends the read by itself.</summary>
    private static async Task<CebMessage?> FindAsync(PipeReader body)
    {
        while (true)
        {
            var read = await body.ReadAsync(CancellationToken.None);
            var head = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, MessageRoot.BytesEnough));
            var message = MessageRoot.MessageOf(head.IsSingleSegment ? head.FirstSpan : head.ToArray());
            var isOver = message is not null || read.IsCompleted || head.Length == MessageRoot.BytesEnough;
            body.AdvanceTo(read.Buffer.Start, isOver ? read.Buffer.Start : read.Buffer.End);
            if (isOver)
            {
                return message;
            }
        }
    }

    /// <summary>Says by the official CEB900 why a body is no message.</summary>
    private static async Task UnknownAsync(HttpContext context, TimeProvider time)
    {
        using var read = new MemoryStream();
        await context.Request.Body.CopyToAsync(read, CancellationToken.None);
        var body = read.GetBuffer().AsMemory(0, (int)read.Length);
        var answer = new ArrayBufferWriter<byte>();
        CebReceiptWriter.Write(answer, CebFormatError.Of(FailureOf(body, out var envelope), null, envelope, body, time.GetUtcNow()));
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/xml; charset=utf-8";
        await context.Response.Body.WriteAsync(answer.WrittenMemory, context.RequestAborted);
    }

    private static CebXmlFailure FailureOf(ReadOnlyMemory<byte> body, out DxpEnvelope? envelope)
    {
        envelope = null;
        if (DxpEnvelope.IsOne(body.Span))
        {
            try
            {
                envelope = DxpEnvelope.Read(body);
                body = envelope.Message;
            }
            catch (FormatException wrong)
            {
                return CebXmlFailure.OfEnvelope(wrong, CebMessage.Order);
            }
        }

        var read = Reader.Read(body);
        return read.Failure ?? new(
            FieldCodes.WrongStructure, read.Message!.UnreadableStatus, read.Message.RootName,
            new($"根元素必须在前 {MessageRoot.BytesEnough} 字节之内", $"The root must stand in the first {MessageRoot.BytesEnough} bytes"));
    }

    private static IResult NotTaken(string messageType, HttpContext context, IProxyConfigProvider routes)
    {
        var taken = routes.GetConfig().Routes.Select(one => one.Match.Path!)
            .Where(path => path.StartsWith(Route + "/", StringComparison.Ordinal) && !path.EndsWith("Message", StringComparison.Ordinal))
            .Select(path => path[(Route.Length + 1)..]).Order(StringComparer.Ordinal);
        return Problems.Result(
            context,
            StatusCodes.Status404NotFound,
            RequestCodes.NotFound,
            [new("/messageType", RequestCodes.NotFound, string.Join(", ", taken), messageType.Length > 100 ? messageType[..100] : messageType)]);
    }
}
