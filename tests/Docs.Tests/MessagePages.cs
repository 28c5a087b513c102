using System.Globalization;
using System.Text;
using Sandan.Contracts.Ceb;

namespace Sandan.Docs.Tests;

/// <summary>
/// <c>docs/messages</c> and <c>docs/contradictions.md</c> are made from the tables by which messages are read:
/// <c>SANDAN_WRITE_DOCS=1 ./sandan test tests/Docs.Tests</c> writes them anew.
/// </summary>
public sealed class MessagePages
{
    private const string Made = "Made from contracts/Ceb/messages.json: `SANDAN_WRITE_DOCS=1 ./sandan test tests/Docs.Tests` writes it anew.";

    public static TheoryData<string> Paths => new(Pages().Keys);

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_page_says_what_the_tables_say(string path)
    {
        var (file, page) = (Path.Combine(Text.Root, path), Pages()[path]);
        if (Environment.GetEnvironmentVariable("SANDAN_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, page);
        }

        Assert.Equal(page, File.ReadAllText(file));
    }

    [Fact]
    public void There_are_no_other_pages() => Assert.Equal(
        Pages().Keys.Where(path => path.StartsWith("docs/messages/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        Directory.GetFiles(Path.Combine(Text.Root, "docs", "messages")).Select(file => $"docs/messages/{Path.GetFileName(file)}").Order(StringComparer.Ordinal));

    private static Dictionary<string, string> Pages()
    {
        var pages = CebMessage.All.ToDictionary(message => $"docs/messages/{message.Type}.md", PageOf);
        pages.Add("docs/messages/README.md", Index());
        pages.Add("docs/contradictions.md", Contradictions());
        return pages;
    }

    private static string Index()
    {
        var page = new StringBuilder();
        page.AppendLine("# The messages 报文").AppendLine()
            .AppendLine("All 42 messages of the specification of May 2022 (海关跨境电商统一版系统企业对接报文规范, 202205), by their schemas; where the papers")
            .AppendLine("contradict each other, see [contradictions](../contradictions.md). `./sandan lint FILE…` holds a file against them.").AppendLine()
            .AppendLine(Made).AppendLine()
            .AppendLine("| message | 中文 | | sent by | answered by | documents | signature |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (var message in CebMessage.All)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| [{message.Type}]({message.Type}.md) | {message.Zh} | {message.En} | {message.By} | {message.Receipt?.Type} | 1..{Bound(message.DocumentsMax)} | {Signature(message)} |");
        }

        return page.ToString();
    }

    private static string PageOf(CebMessage message)
    {
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"# {message.RootName} {message.Zh}").AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{message.En}. Sent by: {message.By}.{(message.Receipt is { } receipt ? $" Answered by [{receipt.Type}]({receipt.Type}.md)." : "")}").AppendLine()
            .AppendLine("```").AppendLine(CultureInfo.InvariantCulture, $"{message.RootName} (@guid C36, @version C1..10)");
        page.AppendLine(CultureInfo.InvariantCulture, $"  {message.DocumentName} [1..{Bound(message.DocumentsMax)}]");
        if (message.HeadName is { } head)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"    {head} [1]");
        }

        if (message.LineName is { } lines)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"    {lines} [{message.LinesMin}..{Bound(message.LinesMax)}]");
        }

        if (message.Direction is { } direction)
        {
            page.AppendLine("  BaseTransfer [1]").AppendLine("  BaseSubscribe [0..5]");
            string[] last = ["  ExtendMessage [0..1]", $"  ds:Signature [{(message.Signature == CebSignatureRule.Schema ? "1" : "0..1")}]"];
            foreach (var line in direction == CebDirection.Import ? last : last.Reverse())
            {
                page.AppendLine(line);
            }
        }

        page.AppendLine("```");
        if (message.Signature == CebSignatureRule.Text)
        {
            page.AppendLine().AppendLine("The text of the specification demands a signature, the schema does not.");
        }

        foreach (var group in message.Head.Fields.Concat(message.Lines?.Fields ?? []).GroupBy(field => field.Parent))
        {
            page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {group.Key}").AppendLine()
                .AppendLine("| | element | 中文 | format | | meaning | values, papers |").AppendLine("|---|---|---|---|---|---|---|");
            foreach (var field in group)
            {
                page.AppendLine(CultureInfo.InvariantCulture, $"| {field.Index + 1} | {field.Name} | {field.Zh} | `{field.Format}` | {Presence(field)} | {field.En} | {Notes(field)} |");
            }
        }

        return page.AppendLine().AppendLine(Made).ToString();
    }

    private static string Contradictions()
    {
        var page = new StringBuilder();
        page.AppendLine("# Where the official papers contradict each other").AppendLine()
            .AppendLine("The specification of May 2022 has a text (PDF) and schemas, and a forerunner of 2018 with schemas of its own. Sandan follows the")
            .AppendLine("**schemas of 2022-05**, as the official samples and the live traffic do, and reads what the other papers have where that does no harm:").AppendLine()
            .AppendLine("| what is seen | where | what Sandan does |").AppendLine("|---|---|---|")
            .AppendLine("| BaseTransfer twice | official samples of 303, 403, 505, 507, 509, 603, 605, 607 (2022-05) | the first counts; `S1049` |")
            .AppendLine("| the root is `CEB214` | official sample of CEB214 | read as CEB214Message; `S1049` |");
        foreach (var (message, field) in Fields().Where(one => one.Field.Aliases.Count > 0))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| `{string.Join("`, `", field.Aliases)}` for `{field.Name}` | {message.Type} {field.Parent} | read; `S1049` names the right one |");
        }

        foreach (var (message, field) in Fields().Where(one => one.Field.CodesElsewhere.Count > 0))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| `{string.Join("`, `", field.CodesElsewhere)}`, which the schema lacks | {message.Type} {field} | read; `S1049` |");
        }

        foreach (var (message, field) in Fields().Where(one => one.Field.LengthElsewhere > 0))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| more characters than the schema has, up to {field.LengthElsewhere} | {message.Type} {field} | read; `S1049` |");
        }

        foreach (var (message, field) in Fields().Where(one => one.Field.IsBeyondSchema))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| `{field.Name}`, which the schema lacks | {message.Type} {field.Parent} | read |");
        }

        page.AppendLine("| elements out of the order of the schema | many senders | read; `./sandan lint` tells (`S1050`) |")
            .AppendLine("| an optional code, number or time that is empty, where the schema wants it left out | many senders | read as left out; `S1049` |")
            .AppendLine("| an element that is no field: `appSenderId`; `sortlineId`, `orgCode` | official sample of CEB214; senders through a local system | overlooked; `S1020`. Where it resembles a field that is missing, its document is refused |")
            .AppendLine("| a BaseSubscribe without content | seen in a sender's program | overlooked; `S1049` |")
            .AppendLine("| a DxpMsgSv around the DxpMsg | schema of the exchange's nodes | opened |")
            .AppendLine("| `.5`, `5.`, `+1`, `-0` | xs:decimal of the schemas | read as numbers |")
            .AppendLine("| attributes that the schema lacks | | read; `./sandan lint` tells (`S1049`) |")
            .AppendLine("| gseqno missing | official sample of CEB792 | refused: `S1001` |")
            .AppendLine("| GB2312, GBK, GB18030, UTF-16 or `utf8` is declared, and the bytes are UTF-8 | a receipt in a sender's program; .NET writes UTF-16 above a text made in memory | read; `./sandan lint` tells (`S1049`) |")
            .AppendLine("| GB2312, GBK or GB18030 is declared, and the bytes are that | | read; `./sandan lint` tells (`S1049`) |")
            .AppendLine("| any other encoding than UTF-8 is declared or used | | refused: `S1046` |")
            .AppendLine("| no signature where only the text demands one | 509, 603, 605, 607, 701 | read; `./sandan lint` tells (`S1051`) |").AppendLine()
            .AppendLine("Fields of which the papers say different things; the format is that of the schema:").AppendLine()
            .AppendLine("| message | element | schema | other papers |").AppendLine("|---|---|---|---|");
        foreach (var (message, field) in Fields().Where(one => one.Field.Papers is not null))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| [{message.Type}](messages/{message.Type}.md) | {field} | `{field.Format}` {Presence(field)} | {field.Papers} |");
        }

        return page.AppendLine().AppendLine(Made).ToString();
    }

    private static IEnumerable<(CebMessage Message, CebField Field)> Fields() => CebMessage.All
        .SelectMany(message => message.Head.Fields.Concat(message.Lines?.Fields ?? []), (message, field) => (message, field));

    private static string Presence(CebField field) => field switch
    {
        { IsExtension: true } => "ours, optional",
        { Mandatory: true, MayBeEmpty: true } => "M, may be empty",
        { Mandatory: true } => "M",
        { RequiredIn.Count: > 0 } => $"M in {string.Join(", ", field.RequiredIn)}",
        _ => "O",
    };

    private static string Notes(CebField field)
    {
        List<string> notes = [];
        if (field.Codes.Count > 0)
        {
            notes.Add(string.Join(", ", field.Codes.Select(code => $"`{code}`")));
        }

        if (field.Default is { } value)
        {
            notes.Add($"JSON may leave it out: `{value}`");
        }

        if (field.Collapses)
        {
            notes.Add("blanks collapse");
        }

        if (field.Papers is { } papers)
        {
            notes.Add(papers);
        }

        return string.Join("; ", notes);
    }

    private static string Signature(CebMessage message) => message.Signature switch
    {
        CebSignatureRule.None => "",
        CebSignatureRule.Optional => "optional",
        CebSignatureRule.Text => "by the text",
        _ => "mandatory",
    };

    private static string Bound(int most) => most == int.MaxValue ? "*" : most.ToString(CultureInfo.InvariantCulture);
}
