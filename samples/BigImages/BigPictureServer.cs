using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BigImages;

/// <summary>Just enough of the API to send and receive pictures of 64 MiB. It ends with its standard input.</summary>
internal static class BigPictureServer
{
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        await using var app = builder.Build();
        app.MapPost("/v1/images/generations", GenerateAsync);
        app.MapPost("/v1/files/upload", UploadAsync);
        app.MapGet("/big.bmp", DownloadAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static async Task GenerateAsync(HttpContext context)
    {
        var asked = await ReadAsync(context.Request.Body);
        context.Response.ContentType = "application/json";
        if (!asked.Contains("b64_json", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync($$"""{"created":1710000000,"data":[{"url":"{{context.Request.Scheme}}://{{context.Request.Host}}/big.bmp"}]}""");
            return;
        }

        const string Before = """{"created":1710000000,"data":[{"b64_json":" """;
        const string After = "\"}]}";
        context.Response.ContentLength = Before.Length - 1 + ((BigPicture.Length + 2) / 3 * 4) + After.Length;
        await context.Response.WriteAsync(Before.TrimEnd());
        await using (var base64 = new CryptoStream(context.Response.Body, new ToBase64Transform(), CryptoStreamMode.Write, leaveOpen: true))
        {
            foreach (var piece in BigPicture.Pieces())
            {
                await base64.WriteAsync(piece);
            }
        }

        await context.Response.WriteAsync(After);
    }

    private static async Task UploadAsync(HttpContext context)
    {
        await ReadAsync(context.Request.Body);
        await context.Response.WriteAsync("""{"id":"file_1","url":"https://example.com/reference.bmp"}""");
    }

    private static async Task DownloadAsync(HttpContext context)
    {
        context.Response.ContentType = "image/bmp";
        context.Response.ContentLength = BigPicture.Length;
        foreach (var piece in BigPicture.Pieces())
        {
            await context.Response.Body.WriteAsync(piece);
        }
    }

    /// <summary>Reads a body to its end and keeps the first bytes of it.</summary>
    private static async Task<string> ReadAsync(Stream body)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        var first = string.Empty;
        int count;
        while ((count = await body.ReadAsync(buffer)) > 0)
        {
            first = first.Length == 0 ? System.Text.Encoding.UTF8.GetString(buffer, 0, Math.Min(count, 1024)) : first;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return first;
    }
}
