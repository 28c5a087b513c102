using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Gateway.OpenApi;

namespace Sandan.Docs.Tests;

/// <summary>No sentence of the READMEs that names something in the code names it wrongly.</summary>
public sealed partial class ReadmeTests
{
    /// <summary>Every service and the gateway, for their options.</summary>
    private static readonly Assembly[] Programs =
    [
        typeof(Registry.Program).Assembly, typeof(Intake.IntakeOptions).Assembly, typeof(Payment.Program).Assembly, typeof(Matcher.Program).Assembly,
        typeof(Tax.Program).Assembly, typeof(Customs.Program).Assembly, typeof(Credit.Program).Assembly,
        typeof(Statistics.Program).Assembly, typeof(Gateway.Program).Assembly,
    ];

    public static TheoryData<string> Readmes => new(Text.Readmes);

    [Fact]
    public void The_page_of_the_sandbox_has_every_directive_in_its_order() => Assert.Equal(
        ForcedOutcome.Directives.Select(one => $"`{one}`"),
        Text.Read("docs/sandbox.md").Rows.Select(row => row[0]).Where(cell => cell.StartsWith('`')));

    [Fact]
    public void Both_languages_have_the_same_sections_blocks_routes_codes_options_and_links()
    {
        var (one, other) = (Text.Read(Text.Readmes[0]), Text.Read(Text.Readmes[1]));

        Assert.Equal(one.Headings.Select(Level), other.Headings.Select(Level));
        Assert.Equal(one.Blocks, other.Blocks);
        Assert.Equal(one.Quoted.Distinct().Order(StringComparer.Ordinal), other.Quoted.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            LinksOf(one).Where(IsFile).Order(StringComparer.Ordinal).Except(Text.Readmes),
            LinksOf(other).Where(IsFile).Order(StringComparer.Ordinal).Except(Text.Readmes));

        static int Level(string heading) => heading.IndexOf(' ', StringComparison.Ordinal);
        static bool IsFile(string link) => !link.StartsWith('#');
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public async Task Every_sandan_command_is_one_that_its_usage_names(string path)
    {
        var usage = await RunAsync("help");
        var commands = Text.Read(path) is var text
            ? text.BlocksOf("sh").SelectMany(block => block.Split('\n')).Concat(text.Quoted)
                .Where(line => line.StartsWith("./sandan ", StringComparison.Ordinal)).ToArray()
            : [];

        Assert.NotEmpty(commands);
        Assert.All(commands, command =>
        {
            var words = command.Split(' ');
            Assert.Matches($@"(?m)^  {words[1]}\b", usage);
            Assert.All(
                words.Skip(2).Where(word => word is ['-', ..] && words[1] != "demo"),
                option => Assert.Contains(option, usage, StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_block_of_commands_is_sound_shell(string path) => Assert.All(Text.Read(path).BlocksOf("sh"), block =>
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", "-n") { RedirectStandardInput = true })!;
        shell.StandardInput.Write(block);
        shell.StandardInput.Close();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, block);
    });

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_route_is_one_of_the_gateway(string path)
    {
        var text = Text.Read(path);
        var known = Operations.All().Select(one => (Method: one.Method.ToUpperInvariant(), one.Path)).ToArray();
        var quoted = text.Quoted.Select(one => Route().Match(one)).Where(match => match.Success)
            .Select(match => (Method: match.Groups[1].Value, Path: match.Groups[2].Value)).ToArray();

        Assert.All(quoted, route => Assert.Contains(route, known));
        // What is not there once for each name of a message is all there is.
        Assert.Empty(known.Where(route => !route.Path.EndsWith("Message", StringComparison.Ordinal)).Except(quoted));
        Assert.All(
            text.BlocksOf("sh").SelectMany(block => Address().Matches(block)).Select(match => match.Groups[1].Value),
            address => Assert.Contains(known, route => Leads(route.Path, address)));
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_file_that_commands_send_is_there(string path) => Assert.All(
        Text.Read(path).BlocksOf("sh").Append(File.ReadAllText(Path.Combine(Text.Root, "deploy/local/first-request.txt")))
            .SelectMany(block => ExampleFile().Matches(block)).Select(match => match.Value),
        file => Assert.True(File.Exists(Path.Combine(Text.Root, file)), file));

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_environment_variable_is_read_somewhere(string path)
    {
        var code = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Text.Root, "services"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Text.Root, "deploy/local"), "*.sh"))
            .Append(Path.Combine(Text.Root, "sandan")).Select(File.ReadAllText));
        var names = Variable().Matches(Text.Read(path).Prose).Select(match => match.Value).Distinct().ToArray();

        Assert.True(names.Length > 10);
        Assert.All(names, name => Assert.Contains(name, code, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_option_exists_and_has_the_default_that_is_told(string path)
    {
        var rows = Text.Read(path).Rows.Where(cells => cells.Length == 3 && cells[0].Contains(':', StringComparison.Ordinal)
            && cells[0].StartsWith('`')).ToArray();

        Assert.True(rows.Length > 10);
        Assert.All(rows, cells =>
        {
            char[] parts = [',', '、', ' '];
            var names = cells[0].Split(parts, StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('`')).ToArray();
            var defaults = cells[1].Split(parts, StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(names.Select(name => $"{name} {DefaultOf(name)}"), names.Zip(defaults, (name, told) => $"{name} {told}"));
        });
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_code_is_in_the_dictionary(string path)
    {
        var known = CodeDictionary.All.Select(one => one.Code).ToHashSet();
        var named = Text.Read(path).Quoted.Where(one => Code().IsMatch(one)).ToArray();

        Assert.True(named.Length > 30);
        Assert.All(named, code => Assert.Contains(code, known));
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void The_table_of_messages_is_Topology(string path)
    {
        var told = Text.Read(path).Rows.Where(cells => cells.Length == 4 && Topology.Subscriptions.Any(one => cells[0] == $"`{one.Event.Name}`"))
            .Select(cells => (cells[0].Trim('`'), cells[2].Trim('`'), string.Join(' ', Queue().Matches(cells[3]).Select(match => match.Value))));

        Assert.Equal(
            Topology.Subscriptions.Select(one => (
                one.Event.Name,
                Topology.ExchangeOf(one.Event),
                string.Join(' ', one.Consumers.Select(service => Topology.QueueOf(service, one.Event))))),
            told);
        // The picture, too.
        var picture = Assert.Single(Text.Read(path).BlocksOf("mermaid"));
        Assert.All(Topology.Subscriptions, one => Assert.Contains(one.Event.Name, picture, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_matching_rule_is_told_in_order_and_every_event_type_exists(string path)
    {
        var text = Text.Read(path);
        var rules = (IEnumerable<object>)Member("Sandan.Matcher.Domain.MatchRules", "All");
        var names = rules.Select(rule => (string)rule.GetType().GetProperty("Name")!.GetValue(rule)!).ToArray();
        var types = (IEnumerable<string>)Member("Sandan.Customs.Feed.FeedTypes", "All");

        Assert.Equal(names, text.Quoted.Where(names.Contains).Distinct());
        Assert.Equal(types.Order(), text.Quoted.Where(one => one.StartsWith("cn.sandan.", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_answer_that_is_shown_is_JSON(string path)
    {
        var answers = Text.Read(path).BlocksOf("json")
            .Concat(Text.Read(path).BlocksOf("ndjson").SelectMany(block => block.Split('\n'))).ToArray();

        Assert.True(answers.Length > 5);
        Assert.All(answers, answer => Assert.NotNull(JsonNode.Parse(answer, documentOptions: new JsonDocumentOptions())));
    }

    [Fact]
    public void Every_link_to_a_file_leads_somewhere()
    {
        var texts = Directory.EnumerateFiles(Path.Combine(Text.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Text.Root, "services"), "README.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Text.Root, "*.md"))
            .Append(Path.Combine(Text.Root, "gateway/README.md"))
            .Select(file => Text.Read(Path.GetRelativePath(Text.Root, file))).ToArray();

        Assert.All(texts, text => Assert.All(LinksOf(text), link =>
        {
            var (file, anchor) = link.Split('#') is [var before, var behind] ? (before, behind) : (link, "");
            var target = file.Length == 0 ? text.Path : Path.Combine(Path.GetDirectoryName(text.Path)!, file);
            var full = Path.Combine(Text.Root, target);
            Assert.True(File.Exists(full) || Directory.Exists(full), $"{text.Path}: {link}");
            Assert.True(anchor.Length == 0 || Text.Read(target).Headings.Select(Anchor).Contains(anchor), $"{text.Path}: {link}");
        }));
    }

    [Fact]
    public void The_first_request_asks_only_for_what_up_fills_in()
    {
        string[] roles = [.. Shared.Security.Roles.All, "gateway"];
        var request = File.ReadAllText(Path.Combine(Text.Root, "deploy/local/first-request.txt"));

        Assert.All(Placeholder().Matches(request), match => Assert.Contains(match.Groups[1].Value, roles));
        Assert.All(
            Address().Matches(request.Replace("{gateway}", "$SANDAN", StringComparison.Ordinal)).Select(match => match.Groups[1].Value),
            address => Assert.Contains(Operations.All(), one => Leads(one.Path, address)));
    }

    private static IEnumerable<string> LinksOf(Text text) => Link().Matches(text.Prose).Select(match => match.Groups[1].Value)
        .Where(link => !link.StartsWith("https://", StringComparison.Ordinal));

    /// <summary>The anchor that GitHub gives a heading.</summary>
    private static string Anchor(string heading) => string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant()
        .Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    private static bool Leads(string pattern, string address) =>
        Regex.IsMatch(address, $"^{Regex.Replace(Regex.Escape(pattern), @"\\\{[^}]*}", "[^/]+")}$");

    /// <summary>The default of an option, as it would be written in the configuration.</summary>
    private static string DefaultOf(string name)
    {
        var path = name.Split(':');
        var type = Programs.SelectMany(program => program.GetTypes()).Single(one => one.Name == $"{path[0]}Options");
        object? value = Activator.CreateInstance(type)!;
        foreach (var part in path.Skip(1))
        {
            var property = value!.GetType().GetProperty(part);
            Assert.True(property is not null, $"{name} is no option.");
            value = property.GetValue(value);
        }

        return value switch
        {
            bool yes => yes ? "true" : "false",
            TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => $"{value}",
        };
    }

    private static object Member(string type, string name)
    {
        var found = Programs.Select(program => program.GetType(type)).Single(one => one is not null)!;
        return found.GetField(name)!.GetValue(null)!;
    }

    private static async Task<string> RunAsync(string command)
    {
        using var sandan = Process.Start(
            new ProcessStartInfo(Path.Combine(Text.Root, "sandan"), command) { RedirectStandardOutput = true })!;
        var said = await sandan.StandardOutput.ReadToEndAsync();
        await sandan.WaitForExitAsync();
        Assert.Equal(0, sandan.ExitCode);
        return said;
    }

    [GeneratedRegex(@"^(GET|POST|PUT|DELETE) (/[^ ?]*)$")]
    private static partial Regex Route();

    [GeneratedRegex(@"\$SANDAN(/[^\s""?]*)")]
    private static partial Regex Address();

    [GeneratedRegex(@"contracts/[\w./-]+\.json")]
    private static partial Regex ExampleFile();

    [GeneratedRegex(@"\b(SANDAN|OTEL)_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^([SR]\d+|-?\d{1,6})$")]
    private static partial Regex Code();

    [GeneratedRegex(@"[a-z]+\.[a-z-]+")]
    private static partial Regex Queue();

    [GeneratedRegex(@"\{(\w+)}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
