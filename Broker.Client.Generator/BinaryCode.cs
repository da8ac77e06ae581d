using System.Collections.Generic;
using System.Linq;

namespace AkkaStream.Client.Generator;

/// <summary>The code that reads and writes a shape's bytes.</summary>
internal static class BinaryCode
{
    public static void Read(CodeText code, Message m, Shape shape)
    {
        code.Open("internal void ReadBody(ref MessageReader reader, short version)");
        foreach (var field in shape.Fields)
        {
            var condition = Conditions.Plain(m, field);
            if (condition == "false") continue;
            if (condition != null) code.Open($"if ({condition})");
            ReadField(code, m, field);
            if (condition != null) code.Close();
        }

        if (!m.Flexible.IsNone) ReadTags(code, m, shape);
        code.Close();
    }

    public static void Write(CodeText code, Message m, Shape shape)
    {
        code.Open("internal void WriteBody(MessageWriter writer, short version)");
        foreach (var field in shape.Fields)
        {
            var condition = Conditions.Plain(m, field);
            if (condition == null)
            {
                WriteField(code, m, field);
                continue;
            }

            if (condition != "false")
            {
                code.Open($"if ({condition})");
                WriteField(code, m, field);
                code.Close();
            }

            Missing(code, m, field);
        }

        if (!m.Flexible.IsNone) WriteTags(code, m, shape);
        code.Close();
    }

    // A value that the version has no place for is an error, unless the field may be dropped.
    private static void Missing(CodeText code, Message m, Field field)
    {
        var there = field.In.Condition(m.Valid);
        if (field.Ignorable || there is null) return;
        code.Line($"{(there == "false" ? "" : $"if (!({there})) ")}{{ if (!({Conditions.IsDefault(field)})) throw UnsupportedVersionException.Field(\"{field.JsonName}\", version); }}");
    }

    private static void ReadField(CodeText code, Message m, Field f, bool inTag = false)
    {
        if (f.IsList) ReadList(code, m, f);
        else if (f.IsStruct) ReadStruct(code, m, f, inTag);
        else code.Line($"{f.Name} = {ReadValue(m, f)};");
    }

    private static string ReadValue(Message m, Field f)
    {
        if (f.Type != "String" && f.Type != "Bytes") return $"reader.{f.Type}()";
        var nullable = Conditions.Null(m, f);
        if (nullable == "false") return $"reader.{f.Type}()";
        return nullable is null ? $"reader.Nullable{f.Type}()" : $"{nullable} ? reader.Nullable{f.Type}() : reader.{f.Type}()";
    }

    private static void ReadStruct(CodeText code, Message m, Field f, bool inTag)
    {
        var nullable = Conditions.Null(m, f);
        var marker = inTag ? "reader.PresentInTag()" : "reader.Present()";
        var present = nullable == "false" ? "true" : nullable is null ? marker : $"!({nullable}) || {marker}";
        code.Open($"if ({present})");
        code.Line($"{f.Name} = new {f.Element}();");
        code.Line($"{f.Name}.ReadBody(ref reader, version);");
        code.Close();
        if (nullable != "false") code.Line($"else {f.Name} = null;");
    }

    private static void ReadList(CodeText code, Message m, Field f)
    {
        var nullable = Conditions.Null(m, f);
        code.Open("");
        code.Line($"var count = reader.ArrayLength({nullable ?? "true"}, {Costs.Smallest(m, f)}, {Costs.Element(m, f)});");
        if (nullable != "false")
        {
            code.Line($"if (count < 0) {f.Name} = null;");
            code.Open("else");
        }

        code.Line($"var list = MessageReader.EmptyList({f.Name}, count);");
        code.Open("for (var i = 0; i < count; i++)");
        if (f.IsStruct)
        {
            code.Line($"var element = new {f.Element}();");
            code.Line("element.ReadBody(ref reader, version);");
            code.Line("list.Add(element);");
        }
        else
        {
            code.Line($"list.Add(reader.{f.Type}());");
        }

        code.Close();
        code.Line($"{f.Name} = list;");
        if (nullable != "false") code.Close();
        code.Close();
    }

    private static void ReadTags(CodeText code, Message m, Shape shape)
    {
        var tagged = shape.Fields.Where(f => Conditions.Tagged(m, f) != "false").ToList();
        code.Line("if (!reader.Flexible) return;");
        code.Open("for (var left = reader.UnsignedVarint(); left > 0; left--)");
        code.Line("var tag = reader.UnsignedVarint();");
        // The size of a tag that is known says nothing that its value does not: like Kafka, it is not compared.
        code.Line("var size = reader.UnsignedVarint();");
        code.Open("switch (tag)");
        foreach (var field in tagged)
        {
            code.Open($"case {field.Tag}:");
            if (Conditions.Tagged(m, field) is { } condition) code.Line($"if (!({condition})) throw MessageReader.WrongTag(tag, version);");
            ReadField(code, m, field, inTag: true);
            code.Line("break;");
            code.Close();
        }

        code.Open("default:");
        code.Line("var unknown = UnknownTags;");
        code.Line("reader.Unknown(ref unknown, tag, size);");
        code.Line("UnknownTags = unknown;");
        code.Line("break;");
        code.Close();
        code.Close();
        code.Close();
    }

    private static void WriteTags(CodeText code, Message m, Shape shape)
    {
        IReadOnlyList<Field> tagged = shape.Fields.Where(f => Conditions.Tagged(m, f) != "false").OrderBy(f => f.Tag).ToList();
        code.Line("if (!writer.Flexible) return;");
        code.Line("var count = UnknownTags?.Count ?? 0;");
        foreach (var field in tagged) code.Line($"if ({When(m, field)}) count++;");
        code.Line("writer.UnsignedVarint(count);");
        code.Line("var index = 0;");
        foreach (var field in tagged)
        {
            code.Line($"writer.Unknown(UnknownTags, ref index, {field.Tag});");
            code.Open($"if ({When(m, field)})");
            code.Line($"var start = writer.BeginTag({field.Tag});");
            WriteField(code, m, field, inTag: true);
            code.Line("writer.EndTag(start);");
            code.Close();
        }

        code.Line("writer.Unknown(UnknownTags, ref index, null);");
    }

    private static string When(Message m, Field f)
    {
        var condition = Conditions.Tagged(m, f);
        return condition is null ? $"!({Conditions.IsDefault(f)})" : $"{condition} && !({Conditions.IsDefault(f)})";
    }

    private static void WriteField(CodeText code, Message m, Field f, bool inTag = false)
    {
        var nullable = Conditions.Null(m, f);
        if (nullable != null && nullable != "false" && f.Type != "Records") code.Line($"if ({f.Name} is null && !({nullable})) throw UnsupportedVersionException.Field(\"null {f.JsonName}\", version);");
        if (f.IsList)
        {
            WriteList(code, f, nullable);
        }
        else if (f.IsStruct)
        {
            WriteStruct(code, f, nullable, inTag);
        }
        else
        {
            code.Line($"writer.{f.Type}({f.Name});");
        }
    }

    // Whether a nullable struct is there: -1 or 1 in a byte, but 0 or 1 in a tagged field.
    private static void WriteStruct(CodeText code, Field f, string? nullable, bool inTag)
    {
        if (nullable == "false")
        {
            code.Line($"{f.Name}.WriteBody(writer, version);");
            return;
        }

        var marker = nullable is null ? "" : $"if ({nullable}) ";
        code.Line($"{marker}writer.Int8({f.Name} is null ? (sbyte){(inTag ? "0" : "-1")} : (sbyte)1);");
        code.Line($"{f.Name}?.WriteBody(writer, version);");
    }

    private static void WriteList(CodeText code, Field f, string? nullable)
    {
        if (nullable != "false")
        {
            code.Line($"if ({f.Name} is null) writer.ArrayLength(-1);");
            code.Open("else");
        }

        code.Line($"writer.ArrayLength({f.Name}.Count);");
        var element = f.IsStruct ? $"{f.Name}[i].WriteBody(writer, version)" : $"writer.{f.Type}({f.Name}[i])";
        code.Line($"for (var i = 0; i < {f.Name}.Count; i++) {element};");
        if (nullable != "false") code.Close();
    }
}
