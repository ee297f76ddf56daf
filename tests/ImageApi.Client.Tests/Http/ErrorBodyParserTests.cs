using System.Net;
using System.Text.Json;
using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Tests.Http;

public sealed class ErrorBodyParserTests
{
    [Theory]
    [InlineData("""{ "error": { "message": "no", "code": "x", "type": "t", "param": "p" } }""", "no", "x", "t", "p")]
    [InlineData("""{ "error": { "msg": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "detail": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "message": "no", "code": 17 } }""", "no", "17", null, null)]
    [InlineData("""{ "error": { "message": "no", "code": 0 } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "message": "no", "code": {}, "type": [], "param": null } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "message": {}, "msg": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "code": "x" } }""", null, "x", null, null)]
    [InlineData("""{ "error": { "code": "x" }, "message": "no" }""", "no", "x", null, null)]
    [InlineData("""{ "error": "no" }""", "no", null, null, null)]
    [InlineData("""{ "error": "no", "code": "x" }""", "no", "x", null, null)]
    [InlineData("""{ "error": { "message": "no" }, "error_code": 5 }""", "no", "5", null, null)]
    [InlineData("""{ "error": true, "message": "no", "code": "x" }""", "no", "x", null, null)]
    [InlineData("""{ "error": {}, "detail": "no" }""", "no", null, null, null)]
    [InlineData("""{ "detail": "no" }""", "no", null, null, null)]
    [InlineData("""{ "detail": { "message": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "detail": { "message": "no", "code": "x" } }""", "no", "x", null, null)]
    [InlineData("""{ "detail": [ { "loc": [ "body", "prompt" ], "msg": "is required", "type": "missing" }, { "loc": [ "body", 0 ], "msg": "is odd" } ] }""",
        "body.prompt: is required; body.0: is odd", null, null, null)]
    [InlineData("""{ "detail": [ "one", "two", null, 7, {} ] }""", "one; two; 7", null, null, null)]
    [InlineData("""{ "detail": [], "message": "no" }""", "no", null, null, null)]
    [InlineData("""{ "errors": [ { "message": "one" }, "two" ] }""", "one; two", null, null, null)]
    [InlineData("""{ "errors": { "prompt": [ "is required", "is short" ], "n": "is odd" } }""", "prompt: is required; is short; n: is odd", null, null, null)]
    [InlineData("""{ "errors": { "Prompt": [ "is required" ] }, "title": "One or more", "status": 400, "type": "https://t" }""", "Prompt: is required", null, "https://t", null)]
    [InlineData("""{ "type": "https://t", "title": "Not today", "status": 403, "detail": "no" }""", "no", null, "https://t", null)]
    [InlineData("""{ "type": "about:blank", "title": "no" }""", "no", null, "about:blank", null)]
    [InlineData("""{ "code": 4001, "message": "no" }""", "no", "4001", null, null)]
    [InlineData("""{ "error_code": "x", "msg": "no", "data": null }""", "no", "x", null, null)]
    [InlineData("""{ "data": { "error": { "message": "no", "code": "x" } } }""", "no", "x", null, null)]
    [InlineData("""{ "data": { "message": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "code": "insufficient_quota" }""", null, "insufficient_quota", null, null)]
    [InlineData("""{ "error": { "message": "no", "code": "x", "type": "t", "param": "p" }, "detail": { "message": "2", "code": "2" }, "errors": [ "3" ], "message": "4", "code": "4", "type": "u", "param": "q" }""", "no", "x", "t", "p")]
    [InlineData("""{ "detail": { "message": "no", "code": "x" }, "errors": [ "3" ], "message": "4", "code": "4", "type": "t", "param": "p" }""", "no", "x", "t", "p")]
    [InlineData("""{ "errors": [ "no" ], "message": "4", "code": "x", "error_code": "5" }""", "no", "x", null, null)]
    [InlineData("""{ "errors": { "a": null, "b": "x", "c": [] } }""", "b: x", null, null, null)]
    public void Every_error_format_yields_message_and_code(string json, string? message, string? code, string? type, string? param)
    {
        var error = ResponseParsing.ParseError(json)!;

        Assert.Equal((message, code, type, param), (error.Message, error.Code, error.Type, error.Param));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("""{ "error": null }""")]
    [InlineData("""{ "error": "" }""")]
    [InlineData("""{ "error": {} }""")]
    [InlineData("""{ "error": { "message": "", "code": 0 } }""")]
    [InlineData("""{ "error": [] }""")]
    [InlineData("""{ "code": 0 }""")]
    [InlineData("""{ "errors": {} }""")]
    [InlineData("""{ "errors": [ null ] }""")]
    public void Empty_error_body_returns_null(string json) => Assert.Null(ResponseParsing.ParseError(json));

    [Theory]
    [InlineData("""{ "error": "no", "request_id": "r", "task_id": "t" }""")]
    [InlineData("""{ "error": "no", "request_id": "r", "job_id": "t", "task_id": "u" }""")]
    public void Request_id_and_job_id_beside_an_error_are_read(string json)
    {
        var error = ResponseParsing.ParseError(json)!;

        Assert.Equal(("r", "t"), (error.RequestId, error.JobId));
    }

    [Theory]
    [InlineData("""{ "error": { "message": "no" } }""", true)]
    [InlineData("""{ "message": "no" }""", false)]
    public void Explicit_error_member_is_detected(string json, bool isExplicit) => Assert.Equal(isExplicit, ResponseParsing.ParseError(json)!.IsNamed);

    [Theory]
    [InlineData("""{ "type": "t" }""", "t")]
    [InlineData("""{ "param": "p" }""", null)]
    [InlineData("[ 7 ]", null)]
    [InlineData("true", null)]
    public void Job_error_with_only_a_type_is_read(string json, string? type)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(type, ErrorBodyParser.ParseErrorMember(document.RootElement)?.Type);
    }

    [Fact]
    public void E1_only_the_first_of_many_long_errors_are_read()
    {
        var message = new string('x', 10_000);
        var error = ResponseParsing.ParseError($$"""{ "errors": [ {{string.Join(',', Enumerable.Repeat($"\"{message}\"", 50))}} ] }""")!;

        Assert.Equal((2 * 10_000) + 2, error.Message!.Length);
    }

    [Theory]
    [InlineData("content_policy_violation")]
    [InlineData("moderation_blocked")]
    [InlineData("content_filter")]
    [InlineData("safety_violation")]
    public void Content_policy_codes_are_recognized(string code) => Assert.True(KnownErrorCodes.IsPolicy(code));

    [Theory]
    [InlineData("overloaded")]
    [InlineData("overloaded_error")]
    [InlineData("queue_full")]
    [InlineData("rate_limited")]
    [InlineData("not_processed")]
    public void Unprocessed_request_codes_are_recognized(string code) => Assert.True(KnownErrorCodes.IsUnprocessed(code));

    [Theory]
    [InlineData("text/html", "<html><h1>502 Bad Gateway</h1><script>steal()</script></html>")]
    [InlineData("text/plain", "  <!DOCTYPE html><h1>502</h1>")]
    [InlineData("text/plain", "\uFEFF<!DOCTYPE html><h1>502</h1>")]
    [InlineData("text/html", "Bad <b>gateway</b>")]
    [InlineData("application/xhtml+xml", "<h1>")]
    public async Task S4_html_page_is_not_included_in_the_message(string mediaType, string page)
    {
        var thrown = await FailAsync(HttpStatusCode.BadGateway, page, mediaType);

        Assert.Contains("HTTP 502: Bad Gateway", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("<", thrown.ResponseExcerpt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_body_is_the_error_message() =>
        Assert.Contains("HTTP 500: the model fell over", (await FailAsync(HttpStatusCode.InternalServerError, " the model fell over\n", "text/plain")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Long_text_body_is_truncated_to_512_characters()
    {
        var message = (await FailAsync(HttpStatusCode.InternalServerError, new string('x', 5000), "text/plain")).Message;

        Assert.Contains(new string('x', 512) + "…", message, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 513), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1, 2")]
    public async Task Reason_phrase_is_used_without_an_error_message(string body) =>
        Assert.Contains("HTTP 500: Internal Server Error", (await FailAsync(HttpStatusCode.InternalServerError, body)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(529)]
    [InlineData(599)]
    public async Task Unknown_status_code_is_included_in_the_message(int status)
    {
        var thrown = await FailAsync((HttpStatusCode)status, "");

        Assert.Equal(status, (int)thrown.StatusCode!);
        Assert.Contains($"HTTP {status}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Byte_order_mark_of_an_error_body_is_skipped() =>
        Assert.Equal("x", (await FailAsync(HttpStatusCode.BadRequest, "\uFEFF{ \"error\": { \"message\": \"no\", \"code\": \"x\" } }")).ErrorCode);

    [Theory]
    [InlineData("content_policy_violation")]
    [InlineData("moderation_blocked")]
    [InlineData("Moderation_Blocked")]
    public async Task Policy_code_sets_IsContentRejected(string code) =>
        Assert.True((await FailAsync(HttpStatusCode.BadRequest, $$"""{ "error": { "message": "no", "code": "{{code}}" } }""")).IsContentRejected);

    [Fact]
    public async Task Other_code_does_not_set_IsContentRejected() =>
        Assert.False((await FailAsync(HttpStatusCode.BadRequest, """{ "error": { "message": "no", "code": "invalid_size" } }""")).IsContentRejected);

    [Theory]
    [InlineData("insufficient_quota")]
    [InlineData("insufficient_balance")]
    [InlineData("insufficient_user_quota")]
    [InlineData("insufficient_credits")]
    [InlineData("billing_hard_limit_reached")]
    [InlineData("Billing_Not_Active")]
    public async Task S32_insufficient_quota_is_not_retried(string code)
    {
        using var handler = new ScriptedHandler(HttpStatusCode.TooManyRequests, $$"""{ "error": { "message": "no", "code": "{{code}}" } }""");

        var thrown = await FailAsync(handler);

        Assert.Equal((1, RequestOutcome.Rejected, code), (handler.RequestCount, thrown.Outcome, thrown.ErrorCode));
    }

    [Fact]
    public async Task S32_insufficient_quota_without_a_message_is_not_retried()
    {
        using var handler = new ScriptedHandler(HttpStatusCode.TooManyRequests, """{ "code": "insufficient_quota" }""");

        await FailAsync(handler);

        Assert.Equal(1, handler.RequestCount);
    }

    [Theory]
    [InlineData("x-request-id")]
    [InlineData("request-id")]
    [InlineData("x-oneapi-request-id")]
    public async Task Request_id_is_read_from_the_response_headers(string header)
    {
        using var handler = new ScriptedHandler((_, _) => CreateResponse(header, "req_header", "{}"));

        Assert.Equal("req_header", (await FailAsync(handler)).RequestId);
    }

    [Fact]
    public async Task Request_id_in_the_body_overrides_the_header()
    {
        using var handler = new ScriptedHandler((_, _) => CreateResponse("x-request-id", "req_header", """{ "error": "no", "request_id": "req_body" }"""));

        Assert.Equal("req_body", (await FailAsync(handler)).RequestId);
    }

    private static HttpResponseMessage CreateResponse(string header, string value, string body)
    {
        var response = ScriptedHandler.CreateResponse(HttpStatusCode.BadRequest, body);
        response.Headers.Add(header, value);
        return response;
    }

    private static async Task<ImageApiException> FailAsync(HttpStatusCode status, string body, string mediaType = "application/json")
    {
        using var handler = new ScriptedHandler((_, _) => ScriptedHandler.CreateResponse(status, body, mediaType));
        return await FailAsync(handler);
    }

    private static async Task<ImageApiException> FailAsync(ScriptedHandler handler)
    {
        using var client = TestClients.Create(handler, TestClients.Options(ResponseParsing.BaseAddress));
        return await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));
    }
}
