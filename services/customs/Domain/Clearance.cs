using MessagePack;
using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Customs.Domain;

/// <summary>Names a consignment: order numbers are unique on one platform only.</summary>
internal readonly record struct ClearanceKey(string PlatformCode, string OrderNo) : IComparable<ClearanceKey>
{
    /// <summary>Ordinal, as the database compares: locks are taken in this order everywhere.</summary>
    public int CompareTo(ClearanceKey other)
    {
        var platform = string.CompareOrdinal(PlatformCode, other.PlatformCode);
        return platform != 0 ? platform : string.CompareOrdinal(OrderNo, other.OrderNo);
    }
}

/// <summary>What is kept of a verdict to explain a decision.</summary>
[MessagePackObject]
internal sealed record JudgedDetail
{
    [Key(0)] public required DateTimeOffset JudgedAt { get; init; }
    [Key(1)] public string? PaymentNo { get; init; }
    [Key(2)] public string? WaybillNo { get; init; }

    /// <summary>CNY, as the two below; null where the verdict is not Matched.</summary>
    [Key(3)] public decimal? GoodsValue { get; init; }
    [Key(4)] public decimal? Freight { get; init; }
    [Key(5)] public decimal? InsuredFee { get; init; }
    [Key(6)] public IReadOnlyList<Discrepancy> Discrepancies { get; init; } = [];
    [Key(7)] public IReadOnlyList<Risk> Risks { get; init; } = [];
}

/// <summary>What is kept of an assessment, CNY.</summary>
[MessagePackObject]
internal sealed record AssessedDetail
{
    [Key(0)] public required DateTimeOffset AssessedAt { get; init; }
    [Key(1)] public required decimal DutiableValue { get; init; }
    [Key(2)] public required decimal Tariff { get; init; }
    [Key(3)] public required decimal Vat { get; init; }
    [Key(4)] public required decimal ConsumptionTax { get; init; }
    [Key(5)] public required decimal Total { get; init; }
    [Key(6)] public IReadOnlyList<TaxReason> Reasons { get; init; } = [];
    [Key(7)] public IReadOnlyList<TaxedLine> Lines { get; init; } = [];
}

/// <summary>One decision, as it goes into the history.</summary>
/// <param name="Number">Counts the decisions on the consignment, from 1.</param>
/// <param name="Revision">Revision of the verdict that it rests on.</param>
/// <param name="Rule">The rule that gave it, or the officer's action.</param>
/// <param name="By"><see cref="Clearance.ByRules"/>, or the client id of the officer's key.</param>
/// <param name="Reason">The officer's; null where the rules decided.</param>
internal sealed record Decision(
    int Number,
    int Revision,
    ReturnStatus Status,
    ReturnStatus? PreviousStatus,
    string Code,
    string Rule,
    DateTimeOffset At,
    string By,
    string? Reason = null);

/// <summary>
/// A consignment before customs: the newest verdict, the newest assessment and the decision that stands.
/// </summary>
/// <remarks>Members without a number have a column of their own.</remarks>
[MessagePackObject]
internal sealed record Clearance
{
    /// <summary><see cref="DecidedBy"/> where no officer decided.</summary>
    public const string ByRules = "rules";

    [IgnoreMember] public required ClearanceKey Key { get; init; }

    /// <summary>Given by the database at the first sight, counting up; 0 before.</summary>
    [IgnoreMember] public long Number { get; init; }

    /// <summary>0 where only an assessment came yet, as the next four.</summary>
    [IgnoreMember] public int Revision { get; init; }
    [Key(0)] public ConsignmentState State { get; init; }
    [Key(1)] public SupervisionMode? Mode { get; init; }
    [Key(2)] public string? SellerCode { get; init; }
    [Key(3)] public JudgedDetail? Judged { get; init; }
    [Key(4)] public string? PaymentCompanyCode { get; init; }
    [Key(5)] public string? LogisticsCompanyCode { get; init; }

    /// <summary>The worst risk of the verdict, and its rule.</summary>
    [Key(6)] public RiskSeverity? RiskSeverity { get; init; }
    [Key(7)] public string? RiskRule { get; init; }

    /// <summary>Revision and attempt of the newest assessment; 0 where none came.</summary>
    [Key(8)] public int TaxRevision { get; init; }
    [Key(9)] public int TaxAttempt { get; init; }
    [Key(10)] public TaxRoute? TaxRoute { get; init; }
    [Key(11)] public string? TaxReason { get; init; }
    [Key(12)] public AssessedDetail? Assessed { get; init; }

    /// <summary>Null where nothing was decided yet, as all below.</summary>
    [IgnoreMember] public ReturnStatus? Status { get; init; }
    [Key(13)] public string? Code { get; init; }
    [Key(14)] public int Decision { get; init; }
    [Key(15)] public int DecidedRevision { get; init; }
    [Key(16)] public DateTimeOffset? DecidedAt { get; init; }
    [Key(17)] public string? DecidedBy { get; init; }
    [Key(18)] public string? Reason { get; init; }
    [Key(19)] public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>True where tax of the present verdict is there.</summary>
    [IgnoreMember] public bool TaxIsAssessed => Revision > 0 && TaxRevision == Revision;

    /// <summary>The companies that may see it.</summary>
    [IgnoreMember]
    public IReadOnlyList<string> Parties =>
        PartiesOf(Key.PlatformCode, SellerCode, PaymentCompanyCode, LogisticsCompanyCode);

    /// <summary>The companies without repeats and blanks.</summary>
    public static IReadOnlyList<string> PartiesOf(params ReadOnlySpan<string?> companies)
    {
        var parties = new List<string>(companies.Length);
        foreach (var company in companies)
        {
            if (!string.IsNullOrEmpty(company) && !parties.Contains(company))
            {
                parties.Add(company);
            }
        }

        return parties;
    }

    /// <summary>The clearance with a newer verdict; null where the verdict is not newer.</summary>
    public Clearance? Judge(ConsignmentJudged verdict)
    {
        if (verdict.Revision <= Revision)
        {
            return null;
        }

        var worst = verdict.Risks.Count == 0 ? null : verdict.Risks.MaxBy(risk => risk.Severity); // the first of the worst
        return this with
        {
            Revision = verdict.Revision,
            State = verdict.State,
            Mode = verdict.Mode,
            SellerCode = verdict.SellerCode,
            PaymentCompanyCode = verdict.PaymentCompanyCode,
            LogisticsCompanyCode = verdict.LogisticsCompanyCode,
            RiskSeverity = worst?.Severity,
            RiskRule = worst?.Rule,
            Judged = new()
            {
                JudgedAt = verdict.JudgedAt,
                PaymentNo = verdict.PaymentNo,
                WaybillNo = verdict.WaybillNo,
                GoodsValue = verdict.Goods?.GoodsValue,
                Freight = verdict.Goods?.Freight,
                InsuredFee = verdict.Goods?.InsuredFee,
                Discrepancies = verdict.Discrepancies,
                Risks = verdict.Risks,
            },
        };
    }

    /// <summary>
    /// The clearance with a newer assessment; null where it is not newer, or the consignment is released: what was
    /// released, was released with the tax of then.
    /// </summary>
    public Clearance? Assess(TaxAssessed tax)
    {
        if (Status == ReturnStatus.Released
            || (tax.Revision, tax.Attempt).CompareTo((TaxRevision, TaxAttempt)) <= 0)
        {
            return null;
        }

        // What tax only remarks on decides nothing here.
        IReadOnlyList<TaxReason> reasons = tax.Reasons.Count == 0 ? [] : [.. tax.Reasons.Where(reason => !reason.Note)];
        return this with
        {
            TaxRevision = tax.Revision,
            TaxAttempt = tax.Attempt,
            TaxRoute = tax.Route,
            TaxReason = reasons.Count > 0 ? reasons[0].Code : null,
            Assessed = new()
            {
                AssessedAt = tax.AssessedAt,
                DutiableValue = tax.DutiableValue,
                Tariff = tax.Tariff,
                Vat = tax.Vat,
                ConsumptionTax = tax.ConsumptionTax,
                Total = tax.Total,
                Reasons = reasons,
                Lines = tax.Lines,
            },
        };
    }

    /// <summary>What the rules decide now; null where what stands, stands, or no verdict came yet.</summary>
    /// <param name="forced">What the order number asks of a sandbox: where its documents are to agree, tax has no objection either.</param>
    public Decision? DecideByRules(ForcedOutcome forced, DateTimeOffset now)
    {
        if (Revision == 0)
        {
            return null;
        }

        var mismatch = Judged is { Discrepancies: { Count: > 0 } discrepancies }
            ? discrepancies.FirstOrDefault(one => one.Severity == DiscrepancySeverity.Mismatch)?.Code
            : null;
        var ruling = ClearanceRules.Decide(
            new(Revision, State, mismatch, RiskSeverity, RiskRule),
            TaxRoute is { } route ? new(TaxRevision, forced.Agrees ? Contracts.Events.TaxRoute.Preferential : route, TaxReason) : null,
            Status is { } status ? new(DecidedRevision, status, Code!, DecidedBy != ByRules) : null,
            forced.Decision);
        return ruling is null
            ? null
            : new(Decision + 1, Revision, ruling.Status, Status, ruling.Code, ruling.Rule, now, ByRules);
    }

    /// <summary>What an officer decides. Ask <see cref="OfficerActions.Refusal"/> first.</summary>
    public Decision DecideByOfficer(OfficerAction action, string client, string reason, DateTimeOffset now)
    {
        var transition = OfficerActions.Find(action, Status)
            ?? throw new InvalidOperationException($"{action} is not possible in status {(int?)Status}.");
        return new(
            Decision + 1, Revision, transition.To, Status, transition.Code,
            $"officer-{action.ToString().ToLowerInvariant()}", now, client, reason);
    }

    /// <summary>The clearance after a decision.</summary>
    public Clearance With(Decision decision) => this with
    {
        Status = decision.Status,
        Code = decision.Code,
        Decision = decision.Number,
        DecidedRevision = decision.Revision,
        DecidedAt = decision.At,
        DecidedBy = decision.By,
        Reason = decision.Reason,
        ReleasedAt = decision.Status == ReturnStatus.Released ? ReleasedAt ?? decision.At : null,
    };
}
