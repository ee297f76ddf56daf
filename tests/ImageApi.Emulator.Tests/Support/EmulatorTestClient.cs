using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ImageApi.Emulator.Tests.Support;

/// <summary>Asks an emulator as any HTTP client would.</summary>
internal sealed class EmulatorTestClient : IAsyncDisposable
{
    private readonly HttpClient _http;

    private EmulatorTestClient(ImageApiEmulator emulator)
    {
        Emulator = emulator;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = emulator.BaseAddress, Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", emulator.ApiKey);
    }

    public ImageApiEmulator Emulator { get; }

    public HttpClient Http => _http;

    /// <summary>Starts an emulator whose jobs are done at the first query.</summary>
    public static async Task<EmulatorTestClient> StartAsync(EmulatorOptions? options = null)
        => new(await ImageApiEmulator.StartAsync(options ?? new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1 }));

    public static EmulatorOptions CreateFastOptions(Action<EmulatorOptions>? configure = null)
    {
        var options = new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1 };
        configure?.Invoke(options);
        return options;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json)
        => _http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> GenerateAsync(string prompt, string extraJson = "")
        => PostAsync("v1/images/generations", $$"""{"model":"gpt-image-2","prompt":"{{prompt}}"{{extraJson}}}""");

    public Task<HttpResponseMessage> SubmitAsync(string prompt, string extraJson = "", string model = "gpt-image-2")
        => PostAsync("v1/jobs", $$$"""{"model":"{{{model}}}","input":{"prompt":"{{{prompt}}}"{{{extraJson}}}}}""");

    public async Task<JsonElement> GenerateJsonAsync(string prompt, string extraJson = "") => await ReadJsonAsync(await GenerateAsync(prompt, extraJson));

    public async Task<JsonElement> SubmitJsonAsync(string prompt, string extraJson = "", string model = "gpt-image-2")
        => await ReadJsonAsync(await SubmitAsync(prompt, extraJson, model));

    public async Task<JsonElement> GetJobAsync(string id) => await ReadJsonAsync(await _http.GetAsync($"v1/jobs/{id}"));

    /// <summary>Generates one picture and downloads it.</summary>
    public async Task<byte[]> GenerateAndDownloadAsync(string prompt, string extraJson = "")
        => await _http.GetByteArrayAsync(GetMediaUrl(await GenerateJsonAsync(prompt, extraJson)));

    public Task<HttpResponseMessage> UploadAsync(byte[] bytes, string name = "demo.png", string? kind = "image", string? purpose = "reference")
    {
        var form = new MultipartFormDataContent();
        if (kind is not null)
        {
            form.Add(new StringContent(kind), "kind");
        }

        if (purpose is not null)
        {
            form.Add(new StringContent(purpose), "purpose");
        }

        form.Add(new ByteArrayContent(bytes), "file", name);
        return _http.PostAsync("v1/files/upload", form);
    }

    public static string GetMediaUrl(JsonElement response, int index = 0) => response.GetProperty("data")[index].GetProperty("url").GetString()!;

    public static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    public static async Task<JsonElement> ReadErrorAsync(HttpResponseMessage response) => (await ReadJsonAsync(response)).GetProperty("error");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Emulator.DisposeAsync();
    }
}
