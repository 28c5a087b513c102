using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Intake;

/// <summary>One result of a document.</summary>
/// <param name="ReturnStatus">A number of <see cref="Contracts.Codes.OfficialCodes"/>.</param>
/// <param name="ReturnInfo">In Chinese, as customs write it: see <see cref="Contracts.Ceb.ReturnInfo"/>.</param>
/// <param name="CustomsNo">The number that customs gave with it (invtNo …); null where none.</param>
public sealed record LaterReceipt(string ReturnStatus, DateTimeOffset ReturnTime, string ReturnInfo, string? CustomsNo = null)
{
    /// <summary>Customs reject it, or the e-port refuses it.</summary>
    public bool IsRefusal => ReturnStatus == OfficialCodes.Rejected || ReturnStatus.StartsWith('-');
}

/// <summary>Knows what would become of documents that were not sent.</summary>
/// <param name="told">As they would be told, or were told.</param>
/// <param name="documents">Their ids.</param>
/// <returns>The receipts that each would have then, the oldest first; null where it cannot be told now.</returns>
public delegate Task<ILookup<Guid, LaterReceipt>?> Foretell<TAccepted>(
    IReadOnlyList<TAccepted> told, IReadOnlyCollection<Guid> documents, CancellationToken ct);

/// <summary>Knows what became of a document behind the intake.</summary>
public interface ILaterReceipts
{
    /// <summary>Its results, the oldest first; null where they cannot be told now.</summary>
    Task<IReadOnlyList<LaterReceipt>?> OfAsync(CebDocument document, Guid id, HttpContext context, CancellationToken ct);
}

/// <summary>Of orders, payments and waybills: the verdicts of the matcher that rest on this version.</summary>
internal sealed class MatcherReceipts(Downstream downstream) : ILaterReceipts
{
    public async Task<IReadOnlyList<LaterReceipt>?> OfAsync(CebDocument document, Guid id, HttpContext context, CancellationToken ct)
    {
        if (document.Table.Find("orderNo") is not { } field || document[field] is not { } orderNo)
        {
            return []; // a delivery state decides nothing
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"/internal/receipts?document={id}&orderNo={Uri.EscapeDataString(orderNo)}");
        var (answer, available) = await downstream.AskAsync("matcher", path, context, ct);
        return available ? answer.Deserialize<LaterReceipt[]>(Problems.Json) ?? [] : null;
    }
}
