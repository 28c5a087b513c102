using System.Text;
using Sandan.Chaos.Books;

namespace Sandan.Chaos.Tests;

/// <summary>Answers that contradict each other, or what was sent, are found in the ledger.</summary>
public sealed class HistoryTests : IDisposable
{
    private const string One = "01a20058-2ff2-742f-9bb9-2fcb8988b2b4";
    private const string Two = "01a20059-0d72-7200-a83f-42d4953dc3a3";

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_repeat_that_is_answered_alike_is_no_fault()
    {
        var history = Read(Answer("created", One, 1), Answer("exists", One, 1));
        Assert.Empty(Faults);
        Assert.Equal(1, history.Repeats);
        Assert.Equal(One, Assert.Single(Assert.Single(history.Documents).Value.Values).Id.ToString());
    }

    [Fact]
    public void What_a_broken_connection_left_open_is_told_by_the_repeat()
    {
        var history = Read("B 1 1 the connection broke", Answer("exists", One, 1));
        Assert.Empty(Faults);
        Assert.Single(history.Documents);
    }

    [Fact]
    public void A_repeat_with_another_id_is_a_receipt_that_differs()
    {
        Read(Answer("created", One, 1), Answer("exists", Two, 1));
        Assert.StartsWith("doubled: 1", Faults[0], StringComparison.Ordinal);
        Assert.Contains(Faults, line => line.StartsWith("receipts differ: 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("conflict")]
    [InlineData("stale")]
    public void A_good_document_that_is_refused_is_a_fault(string outcome)
    {
        Read(Answer(outcome, One, 1));
        Assert.StartsWith("answers: 1", Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_an_answer_is_a_fault()
    {
        Read("B 1 1 the connection broke");
        Assert.StartsWith("unanswered: 1", Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_defect_of_ours_is_a_fault_and_a_busy_server_is_none()
    {
        Read("A 1 1 503 0", "A 1 2 500 0", Answer("created", One, 1));
        Assert.StartsWith("refused: 1", Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_version_is_a_fault()
    {
        Read(Answer("created", One, 2));
        Assert.Contains("version 1 was never answered", Faults[1], StringComparison.Ordinal);
    }

    private string[] Faults { get; set; } = [];

    private static string Answer(string outcome, string id, int version) =>
        $"A 1 1 200 1\n{{\"index\":0,\"outcome\":\"{outcome}\",\"id\":\"{id}\",\"version\":{version},\"errors\":[]}}";

    private History Read(params string[] lines)
    {
        const string Document = "{\"appType\":\"1\",\"appTime\":\"20261128000000\",\"ebpCode\":\"P1\",\"orderNo\":\"O1\"}";
        File.WriteAllText(path, $"S 1 /v1/orders P1 - 1\n{Document}\n{string.Join('\n', lines)}\n", Encoding.UTF8);
        var faults = new Books.Faults();
        var history = History.Read(path, faults);
        Faults = [.. faults.Lines()];
        return history;
    }
}
