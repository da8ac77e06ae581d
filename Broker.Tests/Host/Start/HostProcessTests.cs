using System.Diagnostics;
using System.Globalization;
using AkkaStream.Host.Logging;
using AkkaStream.Host.Verbs;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Tests.Host.Start;

/// <summary>The host as a process: what it prints, how it ends, with which code.</summary>
public sealed class HostProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("host").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_broker_prints_four_lines_serves_and_stops_at_SIGTERM()
    {
        if (OperatingSystem.IsWindows()) return;
        using var process = Start("--data", folder, "--override", "listeners=PLAINTEXT://127.0.0.1:0");
        var lines = new List<string>();
        for (var i = 0; i < 4; i++) lines.Add(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync()));
        Assert.StartsWith("AkkaStream ", lines[0]);
        Assert.Contains(Path.GetFullPath(folder), lines[2]);
        var port = int.Parse(lines[1][(lines[1].LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        using var output = new StringWriter();
        Assert.Equal(0, VerbProgram.Run(["topics", "create", "t", "-b", $"127.0.0.1:{port}"], output, output));
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, "", ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync(), await process.StandardError.ReadToEndAsync()));
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_ends_with_code_2_and_a_sentence()
    {
        using var process = Start("--data", folder, "--override", "log.retenton.ms=1");
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith("--override log.retenton.ms=1: log.retenton.ms is not known; did you mean log.retention.ms?", await process.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task Help_and_version_need_no_broker()
    {
        using var help = Start("--help");
        Assert.Contains("--override KEY=VALUE", await help.StandardOutput.ReadToEndAsync());
        using var version = Start("--version");
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", await version.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public void Log_lines_have_time_level_and_category()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var loggers = new StderrLoggerFactory(LogLevel.Warning, output);
        var logger = loggers.CreateLogger("Disk");
        logger.LogInformation("not shown");
        logger.LogWarning(new IOException("full"), "cannot write {File}", "a.log");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn Disk: cannot write a\.log\nSystem\.IO\.IOException: full\n$", output.ToString());
        Assert.False(logger.IsEnabled(LogLevel.Debug));
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AkkaStream.Host.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment.Remove("AKKASTREAM_LOG_DIRS");
        start.Environment["AKKASTREAM_PETABRIDGE_CMD_ENABLE"] = "false";
        return Process.Start(start)!;
    }
}
