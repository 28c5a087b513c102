using Sandan.Chaos.Books;
using Sandan.Chaos.Load;
using Version = Sandan.Chaos.Books.Version;

namespace Sandan.Chaos.Tests;

/// <summary>An export or a return that was lost or doubled, or of which something wrong is told, is found.</summary>
public sealed class DeclarationsTests
{
    private static readonly Guid One = Guid.CreateVersion7();
    private static readonly Guid Two = Guid.CreateVersion7();
    private static readonly Guid Other = Guid.CreateVersion7();

    private readonly List<Declaration> rows = [new(One, 2, "800", "2600"), new(Two, 0, null, null)];
    private readonly List<Receipt> receipts = [new(One, 1, "120", "1800"), new(One, 2, "800", "2600")];
    private readonly List<FeedEvent> feed = [Told(One, 800, "2600")];

    [Fact]
    public void What_balances_is_no_fault() => Assert.Equal("", Check());

    [Fact]
    public void A_declaration_that_customs_do_not_have_is_lost()
    {
        rows.RemoveAt(1);
        Assert.Contains("Return R/I/C was accepted, and customs never heard of it", Check(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_which_no_answer_told_is_doubled_and_so_is_one_that_is_there_twice()
    {
        rows.Add(new(Other, 0, null, null));
        Assert.Contains($"Customs have {Other}, of which no answer told", Check(), StringComparison.Ordinal);
        rows[2] = rows[0];
        Assert.Contains("ExportInventory D/C is two declarations", Check(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_receipt_that_is_missing_or_too_many_is_lost(bool isMissing)
    {
        rows[0] = rows[0] with { Receipts = isMissing ? 3 : 1 };
        Assert.StartsWith("lost: 1", Check(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_is_not_that_of_the_last_receipt_is_wrong()
    {
        rows[0] = rows[0] with { Status = "899", Code = "S6021" };
        Assert.Contains("has 899 S6021, and its last receipt says 800 2600", Check(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_is_given_again_is_doubled()
    {
        rows[0] = rows[0] with { Receipts = 3 };
        receipts.Add(new(One, 3, "800", "2600"));
        feed.Add(Told(One, 800, "2600"));
        Assert.StartsWith("doubled: 1", Check(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_is_lost_doubled_wrong_or_of_nothing_is_found()
    {
        feed.Add(Told(One, 800, "2600"));
        Assert.StartsWith("doubled: 1", Check(), StringComparison.Ordinal);
        feed.Clear();
        Assert.StartsWith("lost: 1", Check(), StringComparison.Ordinal);
        feed.Add(Told(One, 100, "1322"));
        Assert.StartsWith("out of order: 1", Check(), StringComparison.Ordinal);
        feed[0] = Told(One, 800, "2600");
        feed.Add(Told(Other, 300, "1200"));
        Assert.Contains($"The feed tells of {Other}, of which no answer told", Check(), StringComparison.Ordinal);
    }

    [Fact]
    public void Events_in_another_order_than_that_of_the_results_are_out_of_order()
    {
        rows[0] = new(One, 3, "899", "S6021");
        receipts.Add(new(One, 3, "899", "S6021"));
        feed.Insert(0, Told(One, 899, "S6021"));
        Assert.StartsWith("out of order: 1", Check(), StringComparison.Ordinal);
        feed.Reverse();
        Assert.Equal("", Check());
    }

    [Fact]
    public void A_later_version_is_what_customs_have_or_was_refused_once_behind_the_release()
    {
        Assert.Contains("lost: 1", Check(changed: Other), StringComparison.Ordinal);
        receipts.Add(new(Other, 1, "100", "22007"));
        feed.Add(Told(Other, 100, "22007"));
        Assert.Equal("", Check(changed: Other));
        (rows[0], receipts[1], feed[0]) = (new(One, 2, "100", "1322"), new(One, 2, "100", "1322"), Told(One, 100, "1322"));
        Assert.Contains("customs have another version than the last", Check(changed: Other), StringComparison.Ordinal);
    }

    /// <summary>An export inventory that is released, and a return that waits.</summary>
    /// <param name="changed">Id of a second version of the inventory.</param>
    private string Check(Guid? changed = null)
    {
        var (export, asked) = (new PaperName(Kind.ExportInventory, "D", "C"), new PaperName(Kind.Return, "R", "I\u001FC"));
        var documents = new Dictionary<PaperName, SortedList<int, Version>>
        {
            [export] = new() { [1] = new(1, One, PaperOf(export)) },
            [asked] = new() { [1] = new(1, Two, PaperOf(asked)) },
        };
        if (changed is { } id)
        {
            documents[export].Add(2, new(2, id, PaperOf(export)));
        }

        var faults = new Books.Faults();
        Declarations.Check(documents, rows, receipts.ToLookup(one => one.Document), feed, faults);
        return string.Join('\n', faults.Lines());
    }

    private static Paper PaperOf(PaperName name) => new(name, '1', "1", "O1", "P1", new Dictionary<string, string>());

    private static FeedEvent Told(Guid document, int status, string code) => new(1, "", "", "P1/O1", null, status, code, document, null);
}
