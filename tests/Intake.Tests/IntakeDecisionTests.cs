using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandan.Intake.Domain;

namespace Sandan.Intake.Tests;

/// <summary>
/// What becomes of a document. Source: CEB specification (2022-05) §3.1 appType (1 new, 2 change, 3 delete), appStatus
/// (1 draft, 2 declared), appTime; §7: exists, nothing to act on, old data.
/// </summary>
public sealed class IntakeDecisionTests
{
    // A version is content, time, and d for a draft or x for a deletion; the incoming one has its appType before it:
    // "A1 B2d" is A declared at 1, then B as a draft at 2. "1A1" is A as new at 1.
    [Theory]

    // Nothing there.
    [InlineData("", "1A1", "created")]
    [InlineData("", "1A1d", "drafted")]
    [InlineData("", "2A1", "rejected")]
    [InlineData("", "2A1d", "rejected")]
    [InlineData("", "3A1", "rejected")]

    // Declared: a repeat is safe whatever its time, other content as new is a conflict.
    [InlineData("A2", "1A1", "exists")]
    [InlineData("A2", "1A2", "exists")]
    [InlineData("A2", "1A3", "exists")]
    [InlineData("A2", "1A3d", "exists")]
    [InlineData("A2", "2A2", "exists")]

    // A change has a time: it counts though it says nothing new, so that an older one that comes late does not.
    [InlineData("A2", "2A1", "stale")]
    [InlineData("A2", "2A3", "changed")]
    [InlineData("A2", "1B1", "conflict")]
    [InlineData("A2", "1B2", "conflict")]
    [InlineData("A2", "1B3", "conflict")]
    [InlineData("A2", "1B3d", "conflict")]

    // A change must be newer.
    [InlineData("A2", "2B1", "stale")]
    [InlineData("A2", "2B2", "stale")]
    [InlineData("A2", "2B3", "changed")]
    [InlineData("A2", "2B3d", "drafted")]
    [InlineData("A2", "2B2d", "stale")]

    // A deletion must be newer, whatever its content.
    [InlineData("A2", "3A1", "stale")]
    [InlineData("A2", "3A2", "stale")]
    [InlineData("A2", "3A3", "deleted")]
    [InlineData("A2", "3B3", "deleted")]

    // Changed since: late repeats of what is in the history are safe.
    [InlineData("A1 B2", "1A1", "exists")]
    [InlineData("A1 B2", "1A9", "exists")]
    [InlineData("A1 B2", "1C9", "conflict")]
    [InlineData("A1 B2", "2B2", "exists")]
    [InlineData("A1 B2 C3", "2B2", "exists")]
    [InlineData("A1 B2 C3", "2A2", "stale")]
    [InlineData("A1 B2", "2A3", "changed")]   // back to what it was
    [InlineData("A1 B2 A3", "2B4", "changed")]

    // Withdrawn: repeated withdrawal is safe; a newer document of the number begins anew, an older one does not.
    [InlineData("A1 A2x", "3A2", "exists")]
    [InlineData("A1 A2x", "3A1", "exists")]
    [InlineData("A1 A2x", "1A1", "exists")]         // a repeat that was withdrawn since
    [InlineData("A1 B2 B3x", "2B2", "exists")]
    [InlineData("A1 A2x A3", "3A2", "exists")]
    [InlineData("A2 A3x", "1A1", "stale")]
    [InlineData("A1 A2x", "1B2", "stale")]
    [InlineData("A1 A2x", "1A3", "created")]
    [InlineData("A1 A2x", "1B3", "created")]
    [InlineData("A1 A2x", "1B3d", "drafted")]
    [InlineData("A1 A2x", "2B3", "rejected")]

    // Only drafts: declaring makes the document; a newer draft replaces, an older one does not.
    [InlineData("A2d", "1A2d", "exists")]
    [InlineData("A2d", "1A2", "created")]
    [InlineData("A2d", "1A1", "created")]
    [InlineData("A2d", "2A3", "created")]
    [InlineData("A2d", "1B3d", "drafted")]
    [InlineData("A2d", "1B2d", "drafted")]
    [InlineData("A2d", "1B1d", "stale")]
    [InlineData("A2d", "1B1", "stale")]
    [InlineData("A2d", "1B3", "created")]
    [InlineData("A2d", "2B3", "changed")]
    [InlineData("A2d", "2B2", "stale")]
    [InlineData("A1d B2d", "1A1d", "exists")]
    [InlineData("A1d B2d", "1A3d", "drafted")]
    [InlineData("A2d", "3A3", "deleted")]
    [InlineData("A2d", "3A2", "stale")]
    [InlineData("A1d A2x", "3A2", "exists")]
    [InlineData("A1 A2x B3d", "1B3", "created")]
    [InlineData("A1 A2x B3d", "1C4", "created")]

    // Declared, and a draft of a change after it: what is declared is not replaced without a change.
    [InlineData("A1 B2d", "1A1", "exists")]
    [InlineData("A1 B2d", "1C3", "conflict")]
    [InlineData("A1 B2d", "1C3d", "conflict")]
    [InlineData("A1 B2d", "1B3", "conflict")]
    [InlineData("A1 B2d", "2B2d", "exists")]
    [InlineData("A1 B2d", "2B2", "changed")]
    [InlineData("A1 B2d", "2B3", "changed")]
    [InlineData("A1 B2d", "2B1", "stale")]
    [InlineData("A1 B2d", "2C3", "changed")]
    [InlineData("A1 B2d", "2C3d", "drafted")]
    [InlineData("A1 B2d", "2A3", "changed")]
    [InlineData("A1 B2d", "3A3", "deleted")]
    [InlineData("A1d A2", "1A1d", "exists")]
    [InlineData("A1d B2", "1A1d", "exists")]
    [InlineData("A1d B2", "1A1", "conflict")]
    public void What_is_stored_and_what_comes_decide(string stored, string incoming, string outcome)
    {
        var history = stored.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((one, at) => new StoredVersion(
                Guid.CreateVersion7(), at + 1, Time(one[1]), Hash(one[0]), one.EndsWith('d'), one.EndsWith('x'))).ToArray();

        var decided = IntakeDecision.Decide(history, new(incoming[0], Time(incoming[2]), Hash(incoming[1]), incoming.EndsWith('d')));

        Assert.Equal(outcome, decided.ToString().ToLowerInvariant());
    }

    // A1 is stored on 1 June; six months later its number may be another document's.
    [Theory]
    [InlineData("1B9", 6, "2026-11-30", false)]
    [InlineData("1B9", 6, "2026-12-01", true)]
    [InlineData("1B9", null, "2030-01-01", false)]
    [InlineData("1B0", 6, "2026-12-01", false)] // an old message that comes late
    public void A_number_recurs_after_its_months(string incoming, int? months, string today, bool renews)
    {
        StoredVersion[] history = [new(Guid.CreateVersion7(), 1, Time('1'), Hash('A'), false, false) { ReceivedAt = Day("2026-06-01") }];
        var next = new IncomingVersion(incoming[0], Time(incoming[2]), Hash(incoming[1]), false);

        Assert.Equal(IntakeOutcome.Conflict, IntakeDecision.Decide(history, next));
        Assert.Equal(renews, IntakeDecision.Renews(history, next, months, Day(today)));
    }

    [Theory]
    [InlineData("1A1", "exists")] // a repeat of the one before is still safe
    [InlineData("1B3", "exists")]
    [InlineData("1C9", "conflict")]
    [InlineData("1A9", "conflict")]
    [InlineData("2A9", "changed")]
    [InlineData("3B9", "deleted")]
    public void Of_the_document_before_nothing_but_repeats_are_known(string incoming, string outcome)
    {
        StoredVersion[] history =
        [
            new(Guid.CreateVersion7(), 1, Time('1'), Hash('A'), false, false),
            new(Guid.CreateVersion7(), 2, Time('3'), Hash('B'), false, false) { Renews = true },
        ];

        var decided = IntakeDecision.Decide(history, new(incoming[0], Time(incoming[2]), Hash(incoming[1]), false));
        Assert.Equal(outcome, decided.ToString().ToLowerInvariant());
    }

    private static DateTimeOffset Day(string day) => DateTimeOffset.Parse(day + "T00:00:00Z", CultureInfo.InvariantCulture);

    // Every history of up to three versions against everything that can come: whatever was stored, what came is in the
    // history afterwards, and sending it once more stores nothing.
    [Fact]
    public void What_was_stored_once_is_never_stored_twice()
    {
        foreach (var sequence in Sequences(length: 3))
        {
            var history = new List<StoredVersion>();
            foreach (var incoming in sequence)
            {
                Take(history, incoming);
                var before = history.Count;
                Take(history, incoming);
                Assert.True(before == history.Count, $"{Shown(sequence)}: {Shown([incoming])} was stored twice");
            }
        }
    }

    [Fact]
    public void A_repeat_of_what_was_stored_is_answered_with_its_version_whatever_came_since()
    {
        foreach (var sequence in Sequences(length: 3))
        {
            var history = new List<StoredVersion>();
            var answered = new List<(IncomingVersion Incoming, Guid Id)>();
            foreach (var incoming in sequence)
            {
                if (Take(history, incoming))
                {
                    answered.Add((incoming, history[^1].Id));
                }
            }

            foreach (var (incoming, id) in answered)
            {
                Assert.True(
                    IntakeDecision.Decide(history, incoming) == IntakeOutcome.Exists && IntakeDecision.KnownOf(history, incoming).Id == id,
                    $"{Shown(sequence)}: the repeat of {Shown([incoming])} gets another answer");
            }
        }
    }

    [Fact]
    public void What_was_declared_changes_by_a_newer_change_or_deletion_only()
    {
        foreach (var sequence in Sequences(length: 3))
        {
            var history = new List<StoredVersion>();
            foreach (var incoming in sequence)
            {
                var declared = history.LastOrDefault(one => !one.Draft);
                var stored = Take(history, incoming);
                if (stored && declared is { Deleted: false } && !history[^1].Draft)
                {
                    Assert.True(
                        incoming.AppType is '2' or '3' && incoming.AppTime > declared.AppTime,
                        $"{Shown(sequence)}: {Shown([incoming])} replaced what was declared");
                }
            }
        }
    }

    private static bool Take(List<StoredVersion> history, IncomingVersion incoming)
    {
        var outcome = IntakeDecision.Decide(history, incoming);
        if (outcome is not (IntakeOutcome.Created or IntakeOutcome.Changed or IntakeOutcome.Deleted or IntakeOutcome.Drafted))
        {
            return false;
        }

        history.Add(new(
            Guid.CreateVersion7(), history.Count + 1, incoming.AppTime, incoming.ContentHash,
            outcome == IntakeOutcome.Drafted, outcome == IntakeOutcome.Deleted));
        return true;
    }

    private static IEnumerable<IncomingVersion[]> Sequences(int length)
    {
        IncomingVersion[] all =
        [
            .. from type in "123" from content in "AB" from time in "12" from draft in new[] { false, true }
               select new IncomingVersion(type, Time(time), Hash(content), draft),
        ];
        IEnumerable<IncomingVersion[]> sequences = [[]];
        for (var at = 0; at < length; at++)
        {
            sequences = sequences.SelectMany(before => all.Select(one => (IncomingVersion[])[.. before, one]));
        }

        return sequences;
    }

    private static string Shown(IEnumerable<IncomingVersion> versions) => string.Join(' ', versions.Select(one =>
        $"{one.AppType}{(one.ContentHash[0] == Hash('A')[0] ? 'A' : 'B')}{one.AppTime.Hour}{(one.Draft ? "d" : "")}"));

    private static DateTimeOffset Time(char hour) =>
        new(2026, 11, 20, int.Parse([hour], CultureInfo.InvariantCulture), 0, 0, TimeSpan.Zero);

    private static byte[] Hash(char content) => SHA256.HashData(Encoding.UTF8.GetBytes([content]));
}
