using Sandan.Chaos.Books;
using Version = Sandan.Chaos.Books.Version;

namespace Sandan.Chaos.Tests;

/// <summary>A request to cancel and the inventory of which it asks it must tell the same.</summary>
public sealed class CancellationCheckerTests
{
    private static readonly Dictionary<string, string> Facts = new() { ["ebcCode"] = "S", ["copNo"] = "C" };

    [Theory] // the inventory's result, and that of the request
    [InlineData("399 2300", "399 2300")]
    [InlineData("800 2600", "100 22007")]
    [InlineData("899 S6021", "100 22007")]
    public void What_fits_is_no_fault(string inventory, string request)
    {
        Assert.Equal("", Check(Kind.Inventory, inventory, request));
        Assert.Equal("", Check(Kind.ExportInventory, inventory, request));
    }

    [Theory]
    [InlineData("800 2600", "399 2300", "wrong: 1")] // released though it is cancelled
    [InlineData("120 1800", "399 2300", "wrong: 1")]
    [InlineData("nothing", "100 22007", "wrong: 1")]
    [InlineData("399 2300", "100 22007", "wrong: 1")]
    [InlineData("800 2600", "-623003 -623003", "wrong: 1")]
    [InlineData("800 2600", null, "lost: 1")]
    [InlineData("399 2300", "399 2300, 399 2300", "doubled: 1")]
    public void What_does_not_fit_is_found(string inventory, string? request, string told)
    {
        Assert.StartsWith(told, Check(Kind.Inventory, inventory, request), StringComparison.Ordinal);
        Assert.StartsWith(told, Check(Kind.ExportInventory, inventory, request), StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_asked_to_cancel_is_cancelled_only_by_its_withdrawal()
    {
        Assert.Contains("has 399 2300, and nobody asked for that", Check(Kind.ExportInventory, "399 2300", null, isAsked: false), StringComparison.Ordinal);
        Assert.Equal("", Check(Kind.ExportInventory, "399 2300", null, isAsked: false, appType: '3'));
    }

    private static string Check(Kind kind, string result, string? request, bool isAsked = true, char appType = '1')
    {
        var (inventory, asked) = kind == Kind.Inventory
            ? (new PaperName(kind, "S", "O1"), new PaperName(Kind.Cancellation, "D", "I\u001FX"))
            : (new PaperName(kind, "D", "C"), new PaperName(Kind.ExportCancellation, "D", "I\u001FC"));
        var documents = new Dictionary<PaperName, SortedList<int, Version>> { [inventory] = VersionsOf(inventory, appType) };
        if (isAsked)
        {
            documents.Add(asked, VersionsOf(asked, '1'));
        }

        var receipts = request?.Split(", ").Select((one, at) => ReceiptOf(documents[asked].Values[0].Id!.Value, at + 1, one)) ?? [];
        var row = result == Declaration.Nothing
            ? new Declaration(Guid.Empty, 0, null, null)
            : new Declaration(Guid.Empty, 1, result.Split(' ')[0], result.Split(' ')[1]);
        var faults = new Books.Faults();
        CancellationChecker.Check(documents, new Dictionary<PaperName, Declaration> { [inventory] = row }, receipts.ToLookup(one => one.Document), faults);
        return string.Join('\n', faults.Lines());
    }

    private static SortedList<int, Version> VersionsOf(PaperName name, char appType) =>
        new() { [1] = new(1, Guid.CreateVersion7(), new(name, appType, "1", "O1", "P1", Facts)) };

    private static Receipt ReceiptOf(Guid document, int no, string result) => new(document, no, result.Split(' ')[0], result.Split(' ')[1]);
}
