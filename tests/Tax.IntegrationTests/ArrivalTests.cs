using Sandan.Contracts.Events;
using static Sandan.Tax.IntegrationTests.Given;

namespace Sandan.Tax.IntegrationTests;

/// <summary>
/// Verdicts and decisions of one consignment in every order in which two queues can bring them, each order against a model
/// that knows what the README promises and nothing of tables: after every message, and after every repeat.
/// </summary>
[Collection(TaxBenchDefinition.Name)]
public sealed class ArrivalTests(TaxBench bench)
{
    private sealed record Message(int Revision, decimal? Value, int Decision = 0, int Status = 0, int? Previous = null);

    [Fact]
    public Task A_plain_release_and_what_customs_decides_after_it() => InEveryOrderAsync(
        new(1, 300), new(2, null), new(1, null, 1, 800), new(2, null, 2, 800, 800));

    [Fact]
    public Task A_plain_release_and_two_newer_verdicts_one_of_them_matched() => InEveryOrderAsync(
        new(1, 300), new(2, 400), new(3, null), new(1, null, 1, 800), new(3, null, 2, 800, 800));

    [Fact]
    public Task A_rejection_and_the_release_of_the_next_revision() => InEveryOrderAsync(
        new(1, 300), new(2, 400), new(1, null, 1, 100), new(2, null, 2, 800, 100), new(3, null));

    [Fact]
    public Task A_rejection_taken_back_and_then_the_release() => InEveryOrderAsync(
        new(1, 300), new(1, null, 1, 100), new(1, null, 2, 300, 100), new(1, null, 3, 800, 300), new(2, null));

    private async Task InEveryOrderAsync(params Message[] messages)
    {
        var item = New("item");
        await bench.WorkInAsync(Filed(item));
        var orders = Permutations(messages).Select((order, at) => (order, at)).ToArray();
        await Parallel.ForEachAsync(
            orders,
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (one, _) => await InOrderAsync(item, one.order, repeats: one.at % 2 == 0, together: one.at % 3 == 0));
    }

    /// <param name="repeats">Each message comes again under another id, at once and at the end.</param>
    /// <param name="together">Neighbours of one queue are worked in together.</param>
    private async Task InOrderAsync(string item, Message[] messages, bool repeats, bool together)
    {
        var (order, person, model) = (New("order"), New("person"), new Model());
        var arrivals = repeats ? [.. messages.SelectMany(one => new[] { one, one }), .. messages] : messages;
        for (var at = 0; at < arrivals.Length;)
        {
            var some = arrivals.Skip(at)
                .TakeWhile((one, place) => place == 0 || (together && (one.Status == 0) == (arrivals[at].Status == 0)))
                .ToArray();
            at += some.Length;
            await WorkInAsync(some);
            model.TakeTogether(some);
            await TaxBench.UntilAsync(async () => // a rejection that was taken back is assessed again by another transaction
                await bench.ScalarAsync<long>("SELECT count(*) FROM due WHERE order_no = $1", order) == 0);
            Assert.Equal(
                (model.Said, model.Booked, string.Join(' ', messages.Select(one => $"{one}"))),
                (await SaidAsync(), await bench.UsedAsync(person), string.Join(' ', messages.Select(one => $"{one}"))));
        }

        async Task WorkInAsync(Message[] some)
        {
            await using var unit = await bench.BeginAsync();
            if (some[0].Status == 0)
            {
                await bench.Assessor.JudgeAsync(unit, [.. some.Select(VerdictOf)], default);
            }
            else
            {
                await bench.Assessor.DecideAsync(
                    unit,
                    [.. some.Select(one => Decided(order, one.Decision, one.Revision, one.Status, one.Previous))],
                    default);
            }

            await unit.CommitAsync(default);
        }

        ConsignmentJudged VerdictOf(Message one) => one.Value is { } value
            ? Matched(order, person, item, value, one.Revision)
            : Judged(order, one.Revision, ConsignmentState.Mismatched);

        Task<string> SaidAsync() => bench.ScalarAsync<string>(
            $"""
            SELECT coalesce(max(concat_ws(' ', revision, CASE WHEN cancelled THEN 'cancelled' ELSE 'stands' END,
              released_revision)) FILTER (WHERE revision IS NOT NULL), '')
            FROM {TaxBench.Rows} WHERE order_no = $1
            """,
            order);
    }

    private static IEnumerable<Message[]> Permutations(Message[] messages) => messages.Length <= 1
        ? [messages]
        : messages.SelectMany((first, at) =>
            Permutations([.. messages[..at], .. messages[(at + 1)..]]).Select(rest => (Message[])[first, .. rest]));

    /// <summary>The README in a few lines. The limit is never reached.</summary>
    private sealed class Model
    {
        private int judged;
        private int decision;
        private int rejected;
        private int released;
        private int assessed;
        private bool cancelled;
        private decimal value;

        public decimal Booked => assessed > 0 && !cancelled ? value : 0;

        public string Said => assessed == 0
            ? ""
            : $"{assessed} {(cancelled ? "cancelled" : "stands")}{(released > 0 ? $" {released}" : "")}";

        /// <summary>Of those worked in together the newest counts.</summary>
        public void TakeTogether(Message[] some)
        {
            if (some[0].Status == 0)
            {
                Judge(some.MaxBy(one => one.Revision)!);
            }
            else if (some.Where(Matters).MaxBy(one => one.Decision) is { } newest)
            {
                Decide(newest);
            }
        }

        private static bool Matters(Message one) =>
            one.Status == 100 || one.Previous == 100 || (one.Status == 800 && one.Previous != 800);

        private void Judge(Message one)
        {
            if (one.Revision <= judged || (released > 0 && one.Revision > released))
            {
                return;
            }

            (judged, cancelled) = (one.Revision, true);
            if (one.Value is { } worth)
            {
                (assessed, value, cancelled) = (one.Revision, worth, rejected == one.Revision);
            }
        }

        private void Decide(Message one)
        {
            if (one.Decision <= decision || released > 0)
            {
                return;
            }

            decision = one.Decision;
            rejected = one.Status == 100 ? one.Revision : 0;
            released = one.Status == 800 ? one.Revision : 0;
            if (assessed == 0)
            {
                return;
            }

            if (released > 0)
            {
                cancelled &= assessed < released;
            }
            else
            {
                cancelled = rejected == assessed || (cancelled && assessed != judged);
            }
        }
    }
}
