using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Limits;

/// <summary>
/// Refuses a body that says that it is too long before a byte of it is read. A body without a length is cut off by
/// Kestrel at the same limit while it comes in; see ForwarderProblems.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, IOptions<GatewayOptions> options)
{
    /// <summary>
    /// How long a sender is listened to after the refusal. One that sends without listening would else see a broken
    /// connection in place of the answer.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    /// <summary>Runs the rest of the pipeline for bodies that are short enough, as far as they say.</summary>
    public Task InvokeAsync(HttpContext context) => context.Request.ContentLength > options.Value.BodyBytesMax
        ? RefuseAndLingerAsync(context)
        : next(context);

    /// <summary>Answers 413 and ends the connection: what is still coming is not worth reading.</summary>
    public static Task RefuseAsync(HttpContext context, long bytesMax)
    {
        context.Response.Headers.Connection = "close";
        return Problems.WriteAsync(
            context,
            StatusCodes.Status413PayloadTooLarge,
            RequestCodes.BodyTooLarge,
            [new("", RequestCodes.BodyTooLarge, $"<= {bytesMax}", context.Request.ContentLength?.ToString())]);
    }

    private async Task RefuseAndLingerAsync(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = null;
        }

        await RefuseAsync(context, options.Value.BodyBytesMax);
        await context.Response.CompleteAsync();
        if (context.Request.Headers.Expect.Count > 0)
        {
            return; // it waits for our word and sends nothing
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Linger);
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception trouble) when (trouble is OperationCanceledException or IOException)
        {
            // It stopped sending, or would not stop: the answer is out either way.
        }
    }
}
