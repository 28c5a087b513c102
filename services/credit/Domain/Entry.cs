using Sandan.Contracts.Ceb;

namespace Sandan.Credit.Domain;

/// <summary>The consignment that an entry speaks of.</summary>
/// <param name="PlatformCode">ebpCode; empty where only a waybill is known.</param>
/// <param name="Revision">Of the verdict, or the number of the decision; 0 where neither applies.</param>
internal readonly record struct Reference(string PlatformCode, string OrderNo, int Revision);

/// <summary>
/// One row of a company's record. Rows are added, never changed; a negative count takes an earlier one back.
/// </summary>
/// <param name="Company">Customs code.</param>
/// <param name="Kind">One of <see cref="EntryKind"/>.</param>
/// <param name="Rule">Rule, missing document or decider; empty where the kind says all.</param>
/// <param name="Code">Code of the dictionary; empty where nothing is wrong.</param>
/// <param name="At">When it happened, by the event, in UTC; the latest of them where several are counted.</param>
/// <param name="Count">Consignments.</param>
/// <param name="Of">The consignment; null where several are counted together.</param>
internal sealed record Entry(
    string Company, string Kind, string Rule, string Code, DateTimeOffset At, int Count, Reference? Of)
{
    /// <summary>The Asia/Shanghai day that it counts for.</summary>
    public DateOnly Day => ShanghaiDay(At);

    /// <summary>The Asia/Shanghai day of an instant.</summary>
    public static DateOnly ShanghaiDay(DateTimeOffset at) =>
        DateOnly.FromDateTime(at.ToOffset(ShanghaiTime.Offset).DateTime);
}
