using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Intake;

namespace Sandan.Payment.OriginalData;

/// <summary>Head and list of one transaction as JSON, character by character as they are signed and posted.</summary>
internal sealed record PayExBody(string Head, string Lists)
{
    private const char Separator = '\n'; // none is left in JSON without blanks

    /// <summary>SHA-256 of both, without the guid, which belongs to the sending and not to the content.</summary>
    public static byte[] HashOf(OriginalPayment payment) =>
        SHA256.HashData(Of(payment with { Head = payment.Head with { Guid = "" } }).ToBytes());

    /// <summary>No blanks, members in the order of the announcement, numbers without zeros at their end, no escape that need not be.</summary>
    public static PayExBody Of(OriginalPayment payment) => new(
        Write(json =>
        {
            var head = payment.Head;
            json.WriteStartObject();
            WriteText(json, "guid", head.Guid);
            WriteText(json, "initalRequest", head.InitalRequest);
            WriteText(json, "initalResponse", head.InitalResponse);
            WriteText(json, "ebpCode", head.EbpCode);
            WriteText(json, "payCode", head.PayCode);
            WriteText(json, "payTransactionId", head.PayTransactionId);
            json.WritePropertyName("totalAmount");
            json.WriteRawValue(head.TotalAmount.ToString("0.#####", CultureInfo.InvariantCulture));
            WriteText(json, "currency", head.Currency);
            WriteText(json, "verDept", head.VerDept);
            WriteOptional(json, "payType", head.PayType);
            WriteText(json, "tradingTime", head.TradingTime);
            WriteOptional(json, "note", head.Note);
            json.WriteEndObject();
        }),
        Write(json =>
        {
            json.WriteStartArray();
            foreach (var order in payment.Orders)
            {
                json.WriteStartObject();
                WriteText(json, "orderNo", order.OrderNo);
                json.WriteStartArray("goodsInfo");
                foreach (var good in order.GoodsInfo)
                {
                    json.WriteStartObject();
                    WriteText(json, "gname", good.Name);
                    WriteText(json, "itemLink", good.ItemLink);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                WriteText(json, "recpAccount", order.RecpAccount);
                WriteOptional(json, "recpCode", order.RecpCode);
                WriteText(json, "recpName", order.RecpName);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));

    /// <summary>As it is stored, UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(Head + Separator + Lists);

    /// <summary>What <see cref="ToBytes"/> stored.</summary>
    public static PayExBody FromBytes(ReadOnlySpan<byte> stored)
    {
        var text = Encoding.UTF8.GetString(stored);
        var end = text.IndexOf(Separator, StringComparison.Ordinal);
        return new(text[..end], text[(end + 1)..]);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            WriteText(json, name, value);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(Quoted(value), skipInputValidation: true);
    }

    /// <summary>
    /// In quotes, with no escape but those that JSON demands: the writer of .NET would escape emoji too, and whoever writes the
    /// message anew to check its signature would not.
    /// </summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var letter in text)
        {
            quoted = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}"),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

/// <summary>payExInfoStr: what is uploaded to customs, and the string in it that is signed. Source: GACC 2018-179, interface standard.</summary>
internal static class PayExInfo
{
    /// <summary>
    /// The signed string, in the form that works in production: parts joined by <c>||</c>, the inner JSON as it is posted, its
    /// quotes not escaped again; certNo and signValue are not in it.
    /// </summary>
    /// <param name="sessionId">As a JSON string, in its quotes; so serviceTime.</param>
    public static byte[] SignedBytes(string sessionId, PayExBody body, string serviceTime) => Encoding.UTF8.GetBytes(
        $"\"sessionID\":{sessionId}||\"payExchangeInfoHead\":\"{body.Head}\"||\"payExchangeInfoLists\":\"{body.Lists}\"||\"serviceTime\":{serviceTime}");

    /// <summary>The message, signed.</summary>
    /// <param name="now">serviceTime: milliseconds since 1970.</param>
    /// <param name="sign">Makes the value of a signature.</param>
    public static string Write(string sessionId, PayExBody body, DateTimeOffset now, string certNo, Func<byte[], byte[]> sign)
    {
        var session = PayExBody.Quoted(sessionId);
        var serviceTime = PayExBody.Quoted(now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        var signValue = Convert.ToBase64String(sign(SignedBytes(session, body, serviceTime)));
        return $"{{\"sessionID\":{session},\"payExchangeInfoHead\":{body.Head},\"payExchangeInfoLists\":{body.Lists},"
            + $"\"serviceTime\":{serviceTime},\"certNo\":{PayExBody.Quoted(certNo)},\"signValue\":\"{signValue}\"}}";
    }
}

/// <summary>A payExInfoStr that was received.</summary>
/// <param name="Payment">Null where its format is not kept.</param>
/// <param name="Signed">The bytes over which the signature must be.</param>
internal sealed record ReceivedPayExInfo(
    string SessionId, PayExBody Body, OriginalPayment? Payment, DateTimeOffset ServiceTime, string CertNo, byte[] SignValue, byte[] Signed)
{
    private const int SignValueMax = 1024;

    /// <summary>Reads it; null where a member outside of head and list cannot be read.</summary>
    /// <param name="errors">What breaks the format, there and within.</param>
    public static ReceivedPayExInfo? Read(string text, List<FieldError> errors)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException)
        {
            errors.Add(new("", FieldCodes.BadJson));
            return null;
        }

        using (document)
        {
            var at = new MemberReader(
                document.RootElement, "", errors, "sessionID", OriginalPaymentReader.Head, OriginalPaymentReader.Lists, "serviceTime", "certNo", "signValue");
            var session = at.Text("sessionID", 36);
            var head = at.Value(OriginalPaymentReader.Head, mandatory: true);
            var lists = at.Value(OriginalPaymentReader.Lists, mandatory: true);
            var serviceTime = ServiceTimes.Read(at, "serviceTime", numberToo: false);
            var certNo = at.Text("certNo", 100);
            var signValue = at.Text("signValue", SignValueMax);
            var signature = new byte[SignValueMax];
            if (signValue is not null && !Convert.TryFromBase64String(signValue, signature, out _))
            {
                at.Add("signValue", FieldCodes.WrongForm, "base64");
            }

            if (errors.Count > 0)
            {
                return null;
            }

            Convert.TryFromBase64String(signValue!, signature, out var length);
            var body = new PayExBody(head!.Value.GetRawText(), lists!.Value.GetRawText());
            return new(
                session!, body, OriginalPaymentReader.ReadUpload(at, errors), serviceTime!.Value, certNo!, signature[..length],
                PayExInfo.SignedBytes(Raw("sessionID"), body, Raw("serviceTime")));

            string Raw(string name) => document.RootElement.GetProperty(name).GetRawText();
        }
    }
}

/// <summary>serviceTime: milliseconds since 1970, 13 digits.</summary>
internal static class ServiceTimes
{
    /// <summary>Null where it is no such time, which is noted.</summary>
    /// <param name="numberToo">Whether a JSON number is taken, too: customs send both.</param>
    public static DateTimeOffset? Read(MemberReader at, string name, bool numberToo)
    {
        if (at.Value(name, mandatory: true) is not { } value)
        {
            return null;
        }

        var text = numberToo && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : at.Text(name, 100);
        if (text is null)
        {
            return null;
        }

        if (text.Length == 13 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        at.Add(name, FieldCodes.WrongForm, "13 digits", Masking.Stray(text.Length > 100 ? text[..100] : text));
        return null;
    }
}
