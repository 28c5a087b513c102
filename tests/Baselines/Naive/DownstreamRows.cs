using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Sandan.Naive;

/// <summary>What each consumer downstream keeps of a consignment, in a table of its own.</summary>
[PrimaryKey(nameof(PlatformCode), nameof(OrderNo))]
internal abstract class DownstreamRow
{
    [Column("platform_code")]
    public required string PlatformCode { get; set; }

    [Column("order_no")]
    public required string OrderNo { get; set; }

    [Column("status")]
    public int Status { get; set; }

    [Column("code")]
    public required string Code { get; set; }
}

[Table("tax")]
internal sealed class TaxRow : DownstreamRow;

[Table("outcome")]
internal sealed class OutcomeRow : DownstreamRow;

[Table("credit")]
internal sealed class CreditRow : DownstreamRow;

[Table("statistics")]
internal sealed class StatisticsRow : DownstreamRow;
