using System.Globalization;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;

namespace Sandan.Tax;

/// <summary>An assessment of the rules as it is told and as it is kept.</summary>
internal static class TaxAssessment
{
    /// <summary>As the other services hear it.</summary>
    public static TaxAssessed Tell(Step step, Assessment assessment, DateTimeOffset now)
    {
        var (key, items) = (step.Row.Key, step.Taxable!.Goods.Items);
        var lines = new TaxedLine[items.Count];
        for (var at = 0; at < lines.Length; at++)
        {
            var line = assessment.Lines[at];
            lines[at] = new(
                line.Gnum, line.Hs, items[at].Country, line.Value, line.Tariff, line.Vat, line.ConsumptionTax);
        }

        return new(
            key.PlatformCode, key.OrderNo, step.Revision, step.Attempt,
            (TaxRoute)assessment.Route, // the same routes by the same numbers: a test asserts this
            assessment.DutiableValue, assessment.Tariff, assessment.Vat, assessment.ConsumptionTax, assessment.Total,
            ReasonsOf(assessment), lines, now, WithoutItems(step.FirstVerdict));
    }

    /// <summary>As the row keeps it: cancelled from the beginning where customs rejected the revision before.</summary>
    public static AssessedRow Keep(Step step, Assessment assessment, TaxAssessed tax, PersonYearKey person)
    {
        var details = new AssessmentDetails(
            tax.DutiableValue, tax.Tariff, tax.Vat, tax.ConsumptionTax, tax.Reasons, tax.Lines, assessment.ListFrom,
            tax.AssessedAt, step.Taxable!.Mode, step.Taxable.Goods with { BuyerIndex = "" });
        return new(
            step.Revision, step.Attempt, assessment.Route, step.Row.RejectedRevision == step.Revision, person,
            new(assessment.QuotaToBookCny, assessment.WeightsToBookKg), EventBytes.Write(details));
    }

    private static ConsignmentJudged? WithoutItems(ConsignmentJudged? verdict) =>
        verdict is null ? null : verdict with { Goods = verdict.Goods! with { Items = [] } };

    private static TaxReason[] ReasonsOf(Assessment assessment)
    {
        var (reasons, notes) = (assessment.Reasons, assessment.Notes);
        if (reasons.Count + notes.Count == 0)
        {
            return [];
        }

        return
        [
            .. reasons.Select(reason => ReasonOf(reason, assessment, note: false)),
            .. notes.Select(reason => ReasonOf(reason, assessment, note: true)),
        ];
    }

    /// <summary>The rules point into the document (<c>/orderList/0/qty</c>), the event names the line by its number.</summary>
    private static TaxReason ReasonOf(FieldError error, Assessment assessment, bool note)
    {
        var lineNo = error.Pointer.Split('/') is ["", "orderList", var index, ..]
            ? assessment.Lines[int.Parse(index, CultureInfo.InvariantCulture)].Gnum
            : (int?)null;
        return new(error.Code, lineNo, error.Expected, error.Actual, note);
    }
}
