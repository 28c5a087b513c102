using Sandan.Contracts.Codes;

namespace Sandan.Credit.Domain;

/// <summary>One step from the start to the score.</summary>
/// <param name="Code">Code of the dictionary, whose text explains it.</param>
/// <param name="Kind">What was counted.</param>
/// <param name="Count">How many.</param>
/// <param name="Of">Out of how many.</param>
/// <param name="Rate">Count by Of, to 5 decimals.</param>
/// <param name="Points">Negative for a deduction, positive for a bonus, to one decimal.</param>
internal sealed record ScoreStep(string Code, string Kind, long Count, long Of, decimal Rate, decimal Points);

/// <summary>
/// A company's score: the start, less what it did wrong, plus what it did right, each by its rate in the window.
/// </summary>
/// <remarks>
/// Source: none that is official; the scale and the bands are proposed beside the five levels of Order 282 (in force
/// 2026-04-01), the points are proposed. A decision by rules is not counted: it follows from a mismatch or a risk that
/// is counted already, with whoever caused it.
/// </remarks>
/// <param name="Score">0–100, one decimal.</param>
/// <param name="Band">A, B, C or D.</param>
/// <param name="Volume">Consignments that matched or did not through this company, and its late documents.</param>
/// <param name="Rated">False where the volume is too small to say anything: the score is the start.</param>
/// <param name="Steps">The start and these add up to the score, before it is cut to 0–100.</param>
internal sealed record CreditScore(decimal Score, char Band, long Volume, bool Rated, IReadOnlyList<ScoreStep> Steps)
{
    /// <summary>The score that follows from the counts of the window.</summary>
    public static CreditScore Of(IReadOnlyCollection<Tally> tallies, CreditOptions options)
    {
        var matched = Count(EntryKind.Matched);
        var mismatched = tallies.Where(one => one.Kind == EntryKind.Mismatched && one.Rule.Length == 0)
            .Sum(one => one.Count);
        var volume = matched + mismatched + Count(EntryKind.Late);
        var decisions = Count(EntryKind.Released) + Count(EntryKind.Held) + Count(EntryKind.Inspected)
            + Count(EntryKind.Rejected);
        var steps = new List<ScoreStep>();

        Deduct(CreditCodes.Mismatches, EntryKind.Mismatched, mismatched, volume,
            options.MismatchPointsPerPercent, options.MismatchPointsMax);
        GiveBack();
        Deduct(CreditCodes.LateDocuments, EntryKind.Late, Count(EntryKind.Late), volume,
            options.LatePointsPerPercent, options.LatePointsMax);
        Deduct(CreditCodes.RisksToWatch, EntryKind.RiskWatch, Count(EntryKind.RiskWatch), volume,
            options.RiskWatchPointsPerPercent, options.RiskWatchPointsMax);
        Deduct(CreditCodes.RisksThatHold, EntryKind.RiskHold, Count(EntryKind.RiskHold), volume,
            options.RiskHoldPointsPerPercent, options.RiskHoldPointsMax);
        Deduct(CreditCodes.RisksThatBlock, EntryKind.RiskBlock, Count(EntryKind.RiskBlock), volume,
            options.RiskBlockPointsPerPercent, options.RiskBlockPointsMax);
        Deduct(CreditCodes.HeldByOfficer, EntryKind.Held, ByOfficer(EntryKind.Held), decisions,
            options.HeldPointsPerPercent, options.HeldPointsMax);
        Deduct(CreditCodes.RejectedByOfficer, EntryKind.Rejected, ByOfficer(EntryKind.Rejected), decisions,
            options.RejectedPointsPerPercent, options.RejectedPointsMax);
        Reward();

        var score = Math.Clamp(options.StartScore + steps.Sum(step => step.Points), 0, 100);
        return new(score, BandOf(score, options), volume, volume >= options.VolumeMin, steps);

        long Count(string kind) => tallies.Where(one => one.Kind == kind).Sum(one => one.Count);

        long ByOfficer(string kind) =>
            tallies.Where(one => one.Kind == kind && one.Rule == Decider.Officer).Sum(one => one.Count);

        void Deduct(string code, string kind, long count, long of, decimal perPercent, decimal max)
        {
            if (count > 0 && of >= options.VolumeMin)
            {
                Step(code, kind, count, of, -Math.Min(max, 100m * count / of * perPercent));
            }
        }

        void GiveBack()
        {
            var corrected = Math.Min(Count(EntryKind.Corrected), mismatched);
            if (corrected > 0 && steps is [{ Kind: EntryKind.Mismatched } taken])
            {
                Step(CreditCodes.Corrections, EntryKind.Corrected, corrected, mismatched,
                    -taken.Points * options.CorrectionShare * corrected / mismatched);
            }
        }

        void Reward()
        {
            if (volume < options.VolumeMin || matched <= options.BonusRateFrom * volume)
            {
                return;
            }

            var share = ((decimal)matched / volume - options.BonusRateFrom) / (1 - options.BonusRateFrom);
            Step(CreditCodes.CleanRecord, EntryKind.Matched, matched, volume, share * options.BonusPointsMax);
        }

        void Step(string code, string kind, long count, long of, decimal points) => steps.Add(new(
            code, kind, count, of,
            Math.Round((decimal)count / of, 5, MidpointRounding.AwayFromZero),
            Math.Round(points, 1, MidpointRounding.AwayFromZero)));
    }

    private static char BandOf(decimal score, CreditOptions options) =>
        score >= options.BandAMin ? 'A' : score >= options.BandBMin ? 'B' : score >= options.BandCMin ? 'C' : 'D';
}
