namespace AkkaStream.Client.Generator;

/// <summary>The code that reads and writes a shape's JSON form.</summary>
internal static class JsonCode
{
    public static void Write(CodeText code, Message m, Shape shape)
    {
        code.Open("internal void WriteJsonBody(Utf8JsonWriter json, short version)");
        code.Line("json.WriteStartObject();");
        foreach (var field in shape.Fields)
        {
            var condition = When(m, field);
            if (condition == "false") continue;
            if (condition != null) code.Open($"if ({condition})");
            code.Line($"json.WritePropertyName(\"{field.JsonName}\");");
            WriteField(code, field);
            if (condition != null) code.Close();
        }

        code.Line("json.WriteEndObject();");
        code.Close();
    }

    public static void Read(CodeText code, Message m, Shape shape)
    {
        code.Open("internal void ReadJsonBody(JsonElement json, short version)");
        foreach (var field in shape.Fields)
        {
            code.Open("");
            code.Open($"if (json.TryGetProperty(\"{field.JsonName}\", out var value))");
            ReadField(code, field);
            code.Close();
            code.Close();
        }

        code.Close();
    }

    // Where the version has it, and, as a tagged field, where it is not its default.
    private static string? When(Message m, Field f)
    {
        var plain = Conditions.Plain(m, f);
        var tagged = Conditions.Tagged(m, f);
        if (tagged == "false") return plain;
        var set = $"!({Conditions.IsDefault(f)})";
        var inTag = tagged is null ? set : $"({tagged} && {set})";
        return plain == "false" ? inTag : $"({plain ?? "true"}) || {inTag}";
    }

    private static void WriteField(CodeText code, Field f)
    {
        if (!f.IsList)
        {
            code.Line(WriteValue(f, f.Name, f.Nullable.IsNone));
            return;
        }

        var nullable = !f.Nullable.IsNone;
        if (nullable)
        {
            code.Line($"if ({f.Name} is null) json.WriteNullValue();");
            code.Open("else");
        }

        code.Line("json.WriteStartArray();");
        code.Line($"foreach (var element in {f.Name}) {WriteValue(f, "element", true)}");
        code.Line("json.WriteEndArray();");
        if (nullable) code.Close();
    }

    private static string WriteValue(Field f, string value, bool notNull)
    {
        switch (f.Type)
        {
            case "struct":
                return notNull ? $"{value}.WriteJsonBody(json, version);" : $"if ({value} is null) json.WriteNullValue(); else {value}.WriteJsonBody(json, version);";
            case "Bool": return $"json.WriteBooleanValue({value});";
            case "String": return $"json.WriteStringValue({value});";
            case "Uuid": return $"json.WriteStringValue(KafkaUuid.ToText({value}));";
            case "Bytes": return $"MessageJson.Bytes(json, {value});";
            case "Records": return $"MessageJson.Records(json, {value});";
            case "ErrorCode": return $"json.WriteNumberValue((short){value});";
            default: return $"json.WriteNumberValue({value});";
        }
    }

    private static void ReadField(CodeText code, Field f)
    {
        if (!f.IsList && !f.IsStruct)
        {
            code.Line($"{f.Name} = {ReadValue(f, "value", f.Nullable.IsNone)};");
            return;
        }

        if (!f.Nullable.IsNone)
        {
            code.Line($"if (value.ValueKind == JsonValueKind.Null) {f.Name} = null;");
            code.Open("else");
        }

        if (f.IsList)
        {
            code.Line($"var list = new List<{f.Element}>();");
            code.Open("foreach (var item in value.EnumerateArray())");
            if (f.IsStruct)
            {
                code.Line($"var element = new {f.Element}();");
                code.Line("element.ReadJsonBody(item, version);");
                code.Line("list.Add(element);");
            }
            else
            {
                code.Line($"list.Add({ReadValue(f, "item", true)});");
            }

            code.Close();
            code.Line($"{f.Name} = list;");
        }
        else
        {
            code.Line($"{f.Name} = new {f.Element}();");
            code.Line($"{f.Name}.ReadJsonBody(value, version);");
        }

        if (!f.Nullable.IsNone) code.Close();
    }

    private static string ReadValue(Field f, string value, bool notNull)
    {
        switch (f.Type)
        {
            case "Bool": return $"{value}.GetBoolean()";
            case "String": return $"MessageJson.String({value}){(notNull ? " ?? \"\"" : "")}";
            case "Uuid": return $"MessageJson.Uuid({value})";
            case "Bytes": return $"MessageJson.Bytes({value}){(notNull ? " ?? default" : "")}";
            case "Records": return $"MessageJson.Records({value})";
            case "ErrorCode": return $"(ErrorCode){value}.GetInt16()";
            case "Int8": return $"{value}.GetSByte()";
            case "Float64": return $"{value}.GetDouble()";
            default: return $"{value}.Get{f.Type}()";
        }
    }
}
