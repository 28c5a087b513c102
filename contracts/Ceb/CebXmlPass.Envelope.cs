using System.Xml;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <content>What stands beside the documents: BaseTransfer, BaseSubscribe, ExtendMessage, Signature.</content>
internal sealed partial class CebXmlPass
{
    private const int ExportTransfersMax = 2; // the official samples of export messages have two
    private const int SubscribersMax = 5;

    internal static readonly CebFieldTable TransferFields = EnvelopeTable("BaseTransfer", ("copCode", "C..18", true),
        ("copName", "C..100", true), ("dxpMode", "C3", true), ("dxpId", "C..30", true), ("note", "C..1000", false));

    internal static readonly CebFieldTable SubscribeFields = EnvelopeTable("BaseSubscribe", ("status", "C..100", true),
        ("dxpMode", "C3", true), ("dxpAddress", "C..100", true), ("note", "C..1000", false));

    private int transfers;
    private int subscribers;
    private int extensions;

    private static CebFieldTable EnvelopeTable(
        string parent, params (string Name, string Format, bool Mandatory)[] fields) =>
        new(fields.Select(row => new CebFieldRow(row.Name, parent, row.Name, row.Name, row.Format, row.Mandatory)));

    private bool ReadTransfer(XmlReader reader)
    {
        var values = new CebEnvelopeValues(TransferFields);
        if (++transfers > (Message!.Direction == CebDirection.Export ? ExportTransfersMax : 1))
        {
            return FailUnknown(reader, Message.RootName);
        }

        if (Transfer is not null)
        {
            Remark(reader, "只应有一个 BaseTransfer，以第一个为准", "There should be one BaseTransfer; the first one counts");
        }

        if (!ReadFields(reader, values) || !CheckEnvelope(reader, values, "BaseTransfer", FieldCodes.BadTransfer))
        {
            return false;
        }

        Transfer ??= new(values["copCode"]!, values["copName"]!, values["dxpMode"]!, values["dxpId"]!);
        return true;
    }

    private bool ReadSubscribe(XmlReader reader)
    {
        var values = new CebEnvelopeValues(SubscribeFields);
        if (++subscribers > SubscribersMax)
        {
            return FailUnknown(reader, Message!.RootName);
        }

        if (!ReadFields(reader, values))
        {
            return false;
        }

        if (values.Table.Fields.Any(values.IsSeen))
        {
            return CheckEnvelope(reader, values, "BaseSubscribe", FieldCodes.WrongStructure);
        }

        Remark(reader, "没有内容的 BaseSubscribe 应删去", "A BaseSubscribe without content should be left out");
        return true;
    }

    private bool CheckEnvelope(XmlReader reader, CebEnvelopeValues values, string name, string code)
    {
        foreach (var field in values.Table.Fields)
        {
            if (CebValidator.Fault(field, values[field]) is not null)
            {
                return FailAt(
                    reader,
                    code,
                    $"{name} 的 {field.Name} 缺少或不符合 {field.Format}",
                    $"{field.Name} of {name} is missing or does not fit {field.Format}");
            }
        }

        return true;
    }

    private bool ReadExtension(XmlReader reader) =>
        ++extensions > 1 ? FailUnknown(reader, Message!.RootName) : Skip(reader);

    private bool ReadSignature(XmlReader reader)
    {
        var isSecond = IsSigned;
        IsSigned = true;
        return isSecond ? FailUnknown(reader, Message!.RootName) : Skip(reader);
    }
}

/// <summary>The values of BaseTransfer or BaseSubscribe.</summary>
internal sealed class CebEnvelopeValues(CebFieldTable table) : CebValues(table);
