using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Customs.Declarations;

/// <summary>What a declaration must keep beyond its table, into the country or out of it.</summary>
internal static class DeclarationChecks
{
    private const string New = "1";

    /// <summary>What is wrong with an inventory; empty where nothing is. Source: CEB specification (2022-05) §2.11, §3.9 and -625009.</summary>
    public static IEnumerable<FieldError> Of(CebDocument document) =>
        [.. Weights(document), .. Numbers(document, "preNo", "invtNo"), .. SecondUnits(document)];

    /// <summary>A new declaration has no number that e-port or customs give.</summary>
    public static IEnumerable<FieldError> Numbers(CebDocument document, params string[] names) =>
        names.Where(name => document["appType"] == New && !string.IsNullOrEmpty(document[name]))
            .Select(name => new FieldError($"/{name}", IntakeErrorCodes.NumberNotYours, null, document[name]));

    /// <summary>A line has second quantity and unit, or neither.</summary>
    public static IEnumerable<FieldError> SecondUnits(CebDocument document)
    {
        for (var at = 0; at < document.Lines.Count; at++)
        {
            var line = document.Lines[at];
            if (string.IsNullOrEmpty(line["qty2"]) != string.IsNullOrEmpty(line["unit2"]))
            {
                var missing = string.IsNullOrEmpty(line["qty2"]) ? "qty2" : "unit2";
                yield return new($"/{document.Message.LineMember}/{at}/{missing}", IntakeErrorCodes.SecondUnitIncomplete);
            }
        }
    }

    /// <summary>msgSeqNo is between 1 and msgCount.</summary>
    public static IEnumerable<FieldError> Parts(CebDocument document)
    {
        var head = document.Message.Head;
        var (part, parts) = (document.Number(head["msgSeqNo"]), document.Number(head["msgCount"]));
        if (!(part >= 1 && part <= parts))
        {
            yield return new("/msgSeqNo", IntakeErrorCodes.PartOutOfRange, $"1..{document["msgCount"]}", document["msgSeqNo"]);
        }
    }

    private static IEnumerable<FieldError> Weights(CebDocument document)
    {
        var head = document.Message.Head;
        if (document.Number(head["netWeight"]) > document.Number(head["grossWeight"]))
        {
            yield return new("/netWeight", IntakeErrorCodes.NetAboveGross, $"<= {document["grossWeight"]}", document["netWeight"]);
        }
    }
}
