using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Codes;
using Xunit.Abstractions;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>JSON and bodies that make their reader grow, wait or fail.</summary>
[Collection("under attack")]
public sealed class BodyAttackTests(UnderAttack system, ITestOutputHelper output)
{
    private const string Path = "/v1/orders";
    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";
    private const int Mega = 1 << 20;

    /// <summary>The largest body that may be sent is 64 MiB; one that is answered is garbage, for which the collector takes its time.</summary>
    private const int GrowthMax = 240;

    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>A body, or what is made of a good order; then type, coding, status and code.</summary>
    private static readonly Dictionary<string, Attack> Attacks = new()
    {
        ["deep objects"] = new(Repeated("{\"a\":", 10_000), Json, null, 400, FieldCodes.TooDeep),
        ["deep arrays"] = new(Repeated("[", 10_000), Json, null, 200, FieldCodes.TooDeep),
        ["deep in a line"] = new(Repeated("[", 10_000), Ndjson, null, 200, FieldCodes.TooDeep),
        ["deep in a field"] = new(With("orderNo", Text("[", 10_000)), Json, null, 400, FieldCodes.TooDeep),
        ["a member twice"] = new(With("orderNo", "\"1\",\"orderNo\":\"2\""), Json, null, 422, FieldCodes.DuplicateMember),
        ["a member twice, escaped"] = new(With("orderNo", "\"1\",\"order\\u004eo\":\"2\""), Json, null, 422, FieldCodes.DuplicateMember),
        ["a number beyond all"] = new(With("goodsValue", "1e999999999"), Json, null, 422, FieldCodes.NotANumber),
        ["a number of 4,000 digits"] = new(With("goodsValue", new string('9', 4_000)), Json, null, 422, FieldCodes.TooManyDigits),
        ["a number of 40,000 digits"] = new(With("goodsValue", new string('9', 40_000)), Json, null, 422, FieldCodes.TooManyDigits),
        ["a number beyond 64 bits"] = new(With("tradeMode", "18446744073709552826"), Json, null, 422, FieldCodes.MustBeString),
        ["not a number"] = new(With("goodsValue", "NaN"), Json, null, 400, FieldCodes.BadJson),
        ["a number in other digits"] = new(With("goodsValue", "\"１２\""), Json, null, 422, FieldCodes.NotANumber),
        ["escaped NUL"] = new(With("orderNo", "\"a\\u0000b\""), Json, null, 422, FieldCodes.BadCharacters),
        ["NUL"] = new(With("orderNo", "\"a\0b\""), Json, null, 400, FieldCodes.BadJson),
        ["half a pair"] = new(With("orderNo", "\"\\ud800\""), Json, null, 422, FieldCodes.BadCharacters),
        ["a pair the wrong way round"] = new(With("orderNo", "\"\\udc00\\ud800\""), Json, null, 422, FieldCodes.BadCharacters),
        ["half a pair in a name"] = new(With("orderNo", "\"1\",\"\\ud800\":1"), Json, null, 422, FieldCodes.UnknownMember),
        ["not UTF-8"] = new(order => [.. Encoding.UTF8.GetBytes(order), 0xFF], Json, null, 400, FieldCodes.BadUtf8),
        ["UTF-16"] = new(order => Encoding.Unicode.GetBytes(order), "application/json; charset=utf-16", null, 400, FieldCodes.BadJson),
        ["UTF-7"] = new(order => Encoding.ASCII.GetBytes(order.Replace("{", "+AHs-", Ordinal)[..200]), "application/json; charset=utf-7", null, 400, FieldCodes.BadJson),
        ["nothing"] = new(_ => [], Json, null, 400, FieldCodes.EmptyBody),
        ["a document above its size"] = new(With("note", $"\"{new string('x', 300_000)}\""), Json, null, 400, FieldCodes.ItemTooLarge),
        ["no type that is known"] = new(Encoding.UTF8.GetBytes, "text/plain", null, 415, RequestCodes.ContentTypeUnsupported),
        ["a form"] = new(Encoding.UTF8.GetBytes, "multipart/form-data; boundary=x", null, 415, RequestCodes.ContentTypeUnsupported),
        ["no type at all"] = new(Encoding.UTF8.GetBytes, "\u0001;;=", null, 415, RequestCodes.ContentTypeUnsupported),
        ["gzip"] = new(_ => Zip(Mega), Json, "gzip", 415, RequestCodes.ContentTypeUnsupported),
        ["gzip bomb"] = new(_ => Zip(256 * Mega), Ndjson, "gzip", 415, RequestCodes.ContentTypeUnsupported),
        ["gzip in gzip"] = new(_ => Zip(Zip(64 * Mega)), Json, "gzip, gzip", 415, RequestCodes.ContentTypeUnsupported),
        ["brotli"] = new(_ => Brotli(64 * Mega), Json, "br", 415, RequestCodes.ContentTypeUnsupported),
        ["deflate"] = new(_ => [0x78, 0x9C, 0x03, 0x00], Json, "deflate", 415, RequestCodes.ContentTypeUnsupported),
        ["a coding that nobody knows"] = new(Encoding.UTF8.GetBytes, Json, "x-evil", 415, RequestCodes.ContentTypeUnsupported),
        ["gzip that is not said"] = new(_ => Zip(Mega), Json, null, 400, FieldCodes.BadUtf8),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_body_that_attacks_its_reader_is_told_what_is_wrong(string attack)
    {
        var (make, type, coding, status, code) = Attacks[attack];
        foreach (var door in system.Doors)
        {
            var order = system.Order(Documents.NewNumber()).ToJsonString();
            var answer = await door.PostAsync(system.Keys["platform"], Path, make(order), type, coding);

            Assert.True(status == (int)answer.Status, answer.ToString());
            Assert.Equal(status == 200 ? type : "application/problem+json", answer.MediaType);
            Assert.Contains($"\"code\":\"{code}\"", answer.Text, Ordinal);
        }
    }

    [Theory]
    [InlineData("POST", "/v1/goods", "operator")]
    [InlineData("POST", "/v1/companies", "operator")]
    [InlineData("POST", "/v1/ceb/CEB311", "platform")]
    public async Task A_compressed_body_is_not_unpacked_elsewhere_either(string method, string path, string role)
    {
        foreach (var door in system.Doors)
        {
            var content = new ByteArrayContent(Zip(64 * Mega));
            content.Headers.ContentEncoding.Add("gzip");
            var answer = await door.SendAsync(method, system.Keys[role], path, content);
            Assert.True((int)answer.Status is 400 or 415, answer.ToString());
        }
    }

    [Fact]
    public Task Bodies_that_would_fill_the_memory_are_refused_or_answered_in_bounded_memory() =>
        system.BesiegeAsync(GrowthMax, output, async () =>
        {
            var count = 0;
            foreach (var (name, type, body, status, code) in Bombs())
            {
                var answer = await system.Doors[count++ % 2].PostAsync(system.Keys["platform"], Path, body, type);
                Assert.True(status == (int)answer.Status, $"{name}: {answer.Status} {answer.Text[..Math.Min(400, answer.Text.Length)]}");
                Assert.Contains($"\"code\":\"{code}\"", answer.Text, Ordinal);
                Assert.True(answer.Text.Length < 4 * Mega, $"{name} is answered with {answer.Text.Length >> 10} KiB.");
            }
        });

    [Fact]
    public async Task A_body_that_only_says_what_is_to_be_done_is_short()
    {
        var long16 = Encoding.ASCII.GetBytes($"{{\"reason\":\"{new string('x', 16 * 1024)}\"}}");
        foreach (var (role, path) in (IEnumerable<(string, string)>)[
            ("customs", "/v1/orders/reveal"), ("customs", "/v1/payments/reveal"), ("customs", "/v1/waybills/reveal"),
            ("customs", "/v1/clearances/A/B/actions"), ("operator", "/v1/companies/A/keys")])
        {
            foreach (var door in system.Doors)
            {
                var answer = await door.PostAsync(system.Keys[role], path, long16, Json);
                Assert.True((int)answer.Status == 413, $"{path}: {answer.Status} {answer.Text}");
                Assert.Contains($"\"code\":\"{RequestCodes.BodyTooLarge}\"", answer.Text, Ordinal);
            }
        }
    }

    [Fact]
    public Task Endless_bodies_are_cut_off_in_bounded_memory() =>
        system.BesiegeAsync(GrowthMax, output, async () =>
        {
            var line = await StreamAsync(system.Doors[0], Ndjson, Chunk('x'), 1024);
            var lines = await StreamAsync(system.Doors[1], Ndjson, Chunk('\n'), 1024);
            var crumbs = await StreamAsync(system.Doors[0], Json, Encoding.ASCII.GetBytes(Text("1\r\n \r\n", 100_000)), 1000);
            Assert.All([line, lines, crumbs], answer => Assert.Equal((413, RequestCodes.BodyTooLarge), answer));
        });

    [Fact]
    public Task One_company_with_many_large_bodies_at_once_neither_fills_the_memory_nor_keeps_others_out() =>
        system.BesiegeAsync(GrowthMax, output, async () =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
                at => StreamAsync(system.Doors[at % 2], Ndjson, Chunk('x'), 60, ends: true)));
            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 429, $"{answer}"));
        });

    [Fact]
    public Task Slow_headers_and_slow_bodies_are_ended_and_keep_nobody_else_out() =>
        system.BesiegeAsync(growthMax: 128, output, async () =>
        {
            var head = $"POST {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\nContent-Type: {Json}\r\n";
            // Each holds its connection as long as it can: half a line, half a head, a body byte by byte, no body at all.
            var slow = await Task.WhenAll(system.Doors.SelectMany(door => (Task<int?>[])
            [
                DribbleAsync(door, "POST " + Path, "x"),
                DribbleAsync(door, head, "x"),
                DribbleAsync(door, head + $"Content-Length: {60 * Mega}\r\n\r\n", " "),
                DribbleAsync(door, head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"),
                DribbleAsync(door, head + "Content-Length: 1000\r\n\r\n", ""),
            ]));
            // Both doors lead to one service: of two bodies of 60 MB of one company the second finds no room, whichever that is.
            Assert.All(slow, status => Assert.True(status is 408 or 400 or 429, $"{status}"));
        });

    [Fact]
    public Task Bodies_that_come_just_fast_enough_keep_nobody_else_out() =>
        system.BesiegeAsync(growthMax: 128, output, async () =>
        {
            var slow = new List<RawConnection>();
            foreach (var (role, path) in ((string, string)[])[("platform", Path), ("payment", "/v1/payments"), ("logistics", "/v1/waybills")])
            {
                for (var count = 0; count < 20; count++)
                {
                    var connection = await RawConnection.OpenAsync(system.Doors[count % 2].Address);
                    slow.Add(connection);
                    await connection.WriteAsync(
                        $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys[role]}\r\nContent-Type: {Ndjson}\r\nContent-Length: {Mega}\r\n\r\n");
                }
            }

            for (var second = 0; second < 4; second++)
            {
                await Task.WhenAll(slow.Select(connection => connection.WriteAsync(Text("\n", 600))));
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            slow.ForEach(connection => connection.Reset());
        });

    [Fact]
    public async Task A_length_that_lies_and_a_sender_who_hangs_up_harm_nobody()
    {
        foreach (var door in system.Doors)
        {
            var (number, key) = (Documents.NewNumber(), system.Keys["platform"]);
            var order = Encoding.UTF8.GetBytes(system.Order(number).ToJsonString());
            string Head(int length) =>
                $"POST {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: {Json}\r\nContent-Length: {length}\r\n\r\n";

            using (var longer = await RawConnection.OpenAsync(door.Address))
            {
                await longer.WriteAsync([.. Encoding.ASCII.GetBytes(Head(order.Length + 10)), .. order]);
                longer.EndWriting();
                Assert.True(await longer.ReadAsync() is null or { Status: 400 }, "A body that ends early is answered.");
            }

            using (var shorter = await RawConnection.OpenAsync(door.Address))
            {
                await shorter.WriteAsync([.. Encoding.ASCII.GetBytes(Head(order.Length - 10)), .. order, .. "\r\n\r\n"u8]);
                Assert.Equal(400, (await shorter.ReadAsync())!.Status); // the document, cut off
                Assert.Equal(400, (await shorter.ReadAsync())!.Status); // its rest, which is no request
                Assert.Null(await shorter.ReadAsync());
            }

            foreach (var part in (int[])[0, 1, order.Length / 2, order.Length - 1])
            {
                using var gone = await RawConnection.OpenAsync(door.Address);
                await gone.WriteAsync([.. Encoding.ASCII.GetBytes(Head(order.Length)), .. order[..part]]);
                gone.Reset();
            }

            var known = await door.SendAsync("GET", key, $"/v1/consignments/{system.Attacker}/{number}");
            Assert.Equal(HttpStatusCode.NotFound, known.Status);
            var answer = await door.PostAsync(key, Path, order, Json);
            Assert.Equal(HttpStatusCode.Created, answer.Status);
        }

        system.AssertNothingUnexpected();
    }

    private static IEnumerable<(string Name, string Type, byte[] Body, int Status, string Code)> Bombs()
    {
        var large = 63 * Mega;
        yield return ("one line", Ndjson, Filled(large, 'x'), 200, FieldCodes.ItemTooLarge);
        yield return ("one text", Json, [.. "{\"note\":\""u8, .. Filled(large, 'x'), .. "\"}"u8], 400, FieldCodes.ItemTooLarge);
        yield return ("one number", Json, [.. "[{\"goodsValue\":"u8, .. Filled(large, '9'), .. "}]"u8], 200, FieldCodes.ItemTooLarge);
        yield return ("empty lines", Ndjson, Filled(large, '\n'), 400, FieldCodes.EmptyBody);
        yield return ("blanks", Json, Filled(large, ' '), 400, FieldCodes.EmptyBody);
        yield return ("many lines", Ndjson, Encoding.ASCII.GetBytes(Text("{}\n", 5_001)), 413, RequestCodes.TooManyDocuments);
        yield return ("many elements", Json, Encoding.ASCII.GetBytes("[" + Text("[],", large / 3)), 413, RequestCodes.TooManyDocuments);
        yield return ("many members", Json, Encoding.ASCII.GetBytes("{" + Text("\"a\":1,", 40_000) + "\"b\":1}"), 422, FieldCodes.MoreErrors);
        yield return ("many faults in many lines", Ndjson, Encoding.ASCII.GetBytes(Text("{" + Text("\"a\":1,", 20) + "\"b\":1}\n", 600)), 200, FieldCodes.UnknownMember);
    }

    /// <summary>Sends chunks until they are refused or enough are sent; then the answer's status and code.</summary>
    private async Task<(int Status, string? Code)> StreamAsync(Door door, string type, byte[] chunk, int chunks, bool ends = false)
    {
        using var connection = await RawConnection.OpenAsync(door.Address);
        await connection.WriteAsync(
            $"POST {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n");
        var answering = connection.ReadAsync();
        for (var sent = 0; sent < chunks && !answering.IsCompleted; sent++)
        {
            if (!await connection.TryWriteAsync(chunk))
            {
                break;
            }
        }

        if (ends)
        {
            await connection.TryWriteAsync("0\r\n\r\n"u8.ToArray());
        }

        var answer = await answering;
        Assert.NotNull(answer);
        var isProblem = answer.Header("Content-Type")!.StartsWith("application/problem+json", Ordinal);
        return (answer.Status, isProblem ? JsonNode.Parse(answer.Body)!["code"]!.ToString() : null);
    }

    /// <summary>Sends a beginning, then a piece every second, until there is an answer or an end.</summary>
    private static async Task<int?> DribbleAsync(Door door, string beginning, string piece)
    {
        using var connection = await RawConnection.OpenAsync(door.Address);
        await connection.WriteAsync(beginning);
        var answering = connection.ReadAsync();
        while (await Task.WhenAny(answering, Task.Delay(TimeSpan.FromSeconds(1))) != answering
            && await connection.TryWriteAsync(Encoding.ASCII.GetBytes(piece)))
        {
        }

        return (await answering)?.Status;
    }

    private static Func<string, byte[]> Repeated(string text, int count) => _ => Encoding.UTF8.GetBytes(Text(text, count));

    /// <summary>A member's value replaced by JSON, or what should have been JSON.</summary>
    private static Func<string, byte[]> With(string member, string json) => order =>
    {
        var changed = (JsonObject)JsonNode.Parse(order)!;
        changed[member] = "@";
        return Encoding.UTF8.GetBytes(changed.ToJsonString().Replace("\"@\"", json, Ordinal));
    };

    private static string Text(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static byte[] Chunk(char of) => [.. Encoding.ASCII.GetBytes($"{Mega:x}\r\n"), .. Filled(Mega, of), .. "\r\n"u8];

    private static byte[] Filled(int count, char with)
    {
        var bytes = new byte[count];
        bytes.AsSpan().Fill((byte)with);
        return bytes;
    }

    private static byte[] Zip(int zeros) => Zip(new byte[zeros]);

    private static byte[] Zip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Brotli(int zeros)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(new byte[zeros]);
        }

        return packed.ToArray();
    }

    private sealed record Attack(Func<string, byte[]> Make, string Type, string? Coding, int Status, string Code);
}
