using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using Sandan.Contracts.Ceb;

namespace Sandan.Demo;

/// <summary>Writes documents as the official XML, as an integrator would: prefix ceb, elements in the order of the table.</summary>
internal static class CebXml
{
    public static byte[] Write(CebMessage message, Company sender, IReadOnlyList<JsonObject> documents)
    {
        using var output = new MemoryStream();
        using (var xml = XmlWriter.Create(output, new() { Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement("ceb", message.RootName, CebMessage.Namespace);
            xml.WriteAttributeString("guid", Guid.CreateVersion7().ToString("D").ToUpperInvariant());
            xml.WriteAttributeString("version", "1.0");
            foreach (var document in documents)
            {
                xml.WriteStartElement(message.DocumentName, CebMessage.Namespace);
                if (message.HeadName is { } head)
                {
                    xml.WriteStartElement(head, CebMessage.Namespace);
                }

                WriteFields(xml, message.Head, document);
                if (message.HeadName is not null)
                {
                    xml.WriteEndElement();
                }

                foreach (var line in document[message.LineMember ?? ""] as JsonArray ?? [])
                {
                    xml.WriteStartElement(message.LineName!, CebMessage.Namespace);
                    WriteFields(xml, message.Lines!, (JsonObject)line!);
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            xml.WriteStartElement("BaseTransfer", CebMessage.Namespace);
            xml.WriteElementString("copCode", CebMessage.Namespace, sender.Code);
            xml.WriteElementString("copName", CebMessage.Namespace, sender.Name);
            xml.WriteElementString("dxpMode", CebMessage.Namespace, "DXP");
            xml.WriteElementString("dxpId", CebMessage.Namespace, "DXPENT0000000001");
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return output.ToArray();
    }

    private static void WriteFields(XmlWriter xml, CebFieldTable table, JsonObject values)
    {
        foreach (var field in table.Fields.Where(field => values[field.Name] is not null && !field.IsExtension))
        {
            xml.WriteElementString(field.Name, CebMessage.Namespace, values[field.Name]!.ToString());
        }
    }
}
