"""The wordings by which an article speaks to a machine, as regular expressions.

A text is searched in small letters, without accents and marks, with plain quotes and dashes.
"""

from __future__ import annotations

# What a blank in a pattern stands for: up to three characters between words, but no end of a sentence, as in
# "ignore_all - previous".
BLANK = r"(?:[^\w.!?]{1,3})"

MACHINE = (
    r"(?:ais?|a\.i\.|artificial intelligences?|llms?|(?:large )?language models?|chat ?bots?|chatgpt|gpt"
    r"|(?:ai|virtual|digital|automated|automatic|artificial) (?:assistant|agent|model|reader|bot|system|tool)s?"
    r"|(?:ai )?(?:summari[sz]er|crawler|scraper)s?)\b"
)
# "You are an AI company" is not said to a machine: after the noun, the sentence ends or says what the machine does.
ALONE = r"(?=\W{0,3}$| ?[^\w\s]| (?:that|which|who|whose|without|with|and|named|called|trained|now|reading|must)\b)"
OVERLOOK = (
    r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?(?: about)?|overrid(?:e|ing)|overrule|bypass|discard|drop|set aside"
    r"|put aside|pay no (?:attention|heed) to|(?:do not|don't|stop) (?:follow|obey)(?:ing)?)"
)
ALL = r"(?:(?:any|all|every|everything|each|of|the|these|those|this|that|my|your|our|and|other|is|was|in) ){0,5}"
EARLIER = r"(?:previous|prior|above|earlier|preceding|foregoing|past|initial|original|system)"
INSTRUCTIONS = r"(?:instruction|prompt|directive|direction|guideline|command|guardrail)s?\b"
TEXTS = (
    r"(?:text|article|passage|rule|context|message|document|content|source|sentence|paragraph|conversation|input|task"
    r"|assignment|order|information)s?\b"
)
ANSWER = r"(?:answer|respond|reply)"
ANSWERS = r"(?:answers?|responses?|repl(?:y|ies)|summar(?:y|ies)|outputs?|completions?)\b"
ASKED = (
    r"(?:when|if|whenever|once|should) (?:(?:you are|you're|you get|you be|ever|you) ){0,2}"
    r"(?:(?:asked|questioned|queried|prompted)\b"
    r"|(?:(?:the|a|any|your) )?(?:users?|readers?|person|anyone|someone|anybody|somebody|people) asks?\b)"
)
UNRELIABLE = (
    r"(?:is|are|was|were|has|have) (?:been )?"
    r"(?:outdated|wrong|unreliable|false|retracted|fake|forged|withdrawn|superseded)\b"
)
GERMAN_OVERLOOK = r"(?:ignoriere|ignorieren sie|vergiss|vergessen sie|missachte|missachten sie|beachte nicht)"

# Where an order begins; "drivers who ignore the previous rules" is none.
START = (
    r"(?:^|[.!?:,\"'()\[\]{}<>#|-] ?|\b(?:please|kindly|now|instead|simply|you to|let's) "
    r"|\byou (?:must|should|will|shall|can|may|are to|have to|need to) (?:now )?)"
)
ORDERS = (
    # To set aside what it was told.
    rf"{OVERLOOK} {ALL}{EARLIER} (?:\w{{1,15}} ){{0,2}}(?:{INSTRUCTIONS}|{TEXTS})",
    rf"{OVERLOOK} (?:(?:any|all|of|other|your|safety|content) ){{1,4}}(?:{INSTRUCTIONS}|rules\b|polic(?:y|ies)\b)",
    rf"{OVERLOOK} (?:(?:all of|everything|all|anything|what is|what was) ){{0,2}}(?:the|written|said|stated|stands) above\b",
    rf"{OVERLOOK} (?:everything|all|anything) (?:above|before (?:this|that))\b",
    rf"{OVERLOOK} {ALL}(?:{INSTRUCTIONS}|{TEXTS}) (?:that )?(?:above|before|so far|precede|came before|came earlier"
    r"|(?:you )?(?:were|have been|had been|are|got|received) (?:given|told|sent|shown))\b",
    rf"{OVERLOOK} (?:everything|anything|whatever|what|all) (?:that )?(?:you (?:were|have been|had been) (?:told|given"
    r"|instructed)|(?:came|comes|went) before|(?:was|is) (?:said|written)) ?(?:\.|,|and\b|so far\b|above\b|before this|earlier)",
    rf"{OVERLOOK} your (?:\w{{1,12}} ){{0,2}}(?:training|programming|safety \w{{1,15}})\b",
    # To be somebody else.
    rf"(?:act|behave|{ANSWER}|speak|operate|roleplay|pretend|imagine) (?:as|like|to be|that you are|you are) (?:if )?"
    rf"(?:you were |you are )?(?:an? |the )?(?:\w{{1,14}} )?(?:{MACHINE}|dan\b|unrestricted\b|unfiltered\b)",
    r"developer mode (?:is )?(?:now )?(?:enabled|activated|on|override) ?[.!:;,\])]",
    # To speak to its user, or not to.
    rf"to (?:any|all|every) {MACHINE} ?[,:-]",
    r"(?:tell|inform|assure|convince) (?:the|your) users? (?:that|to|about|how|it|they|:)",
    r"(?:do not|don't|never) (?:tell|inform|alert|warn|notify) (?:the|your) users?\b",
    r"answer the user(?:'s question)? (?:(?:only|always|exactly) )?(?:with|by|that)\b",
    # To write these words.
    rf"(?:(?:always|only|just|simply) ){{0,2}}{ANSWER} (?:to (?:\w{{1,15}} ){{1,8}})?"
    r"(?:(?:only|exactly|solely|strictly|just|simply|instead|always) (?:with|as follows|that|in)\b"
    r"|with (?:(?:only|exactly|just|nothing but|the (?:single )?(?:word|phrase|sentence|text|number|figure|following (?:text|word"
    r"|sentence|line|answer|response|json|figure|number))s?)\b|\"))",
    rf"(?:output|print|return|say|write|repeat|echo|{ANSWER}) (?:only|exactly|nothing but|verbatim|just|solely) ?"
    r"(?:the (?:following|words?|phrase|sentence|text|number)\b|\"|:|no answer\b|\d)",
    r"(?:write|output|reply|respond|print|return|answer)(?: only| just| simply| exactly)?(?: with)? ?\"?no answer\b",
    rf"(?:{ANSWER}|output)\b[^.!?\n]{{0,80}} {ASKED}",
    r"(?:(?:just|only|simply) )?(?:say|state|reply|respond|answer|claim|write)(?: only| just| simply)? that you "
    r"(?:cannot|can't|are unable to|are not able to|are not allowed to) (?:answer|help|assist|say|find)\b",
    r"(?:refuse|decline) to (?:answer|summari[sz]e|respond)\b",
    r"(?:do not|don't|never) summari[sz]e (?:this|the|any) (?:article|text|page|document|passage)",
    # To smuggle in links, pictures and mentions.
    r"(?:(?:also|always) )?(?:add|append|include|insert|put|embed|place|mention|render|display|show)\b"
    r"(?=[^\n]{0,160}?(?:link|url|image|picture|@|http|www|markdown|mention|sentence|phrase|following|html|banner))"
    rf"[^\n]{{0,160}}? (?:your|every|each|any|all) (?:\w{{1,12}} ){{0,2}}{ANSWERS}",
    r"(?:(?:also|always) )?(?:end|begin|start|finish|close|open|prefix|preface|conclude) (?:your|every|each|any|all) "
    rf"(?:\w{{1,12}} ){{0,2}}{ANSWERS} (?:\w{{1,12}} ){{0,4}}(?:with|by)\b",
    # To give away what it was told, or to hide that it was told this.
    r"(?:reveal|print|repeat|output|show|display|leak|disclose|recite|quote|state|copy) (?:\w{1,12} ){0,4}"
    r"(?:your (?:\w{1,12} ){0,2}|(?:system|initial|hidden|developer|secret) )(?:prompt|message|instructions|rules)\b",
    r"(?:repeat|print|output|reveal|recite) (?:everything|all|the (?:text|words|message|instructions|prompt)) "
    r"(?:\w{1,12} ){0,3}(?:above|before this|verbatim)\b",
    r"(?:do not|don't|never) (?:mention|reveal|disclose|repeat|acknowledge|quote|refer to|discuss|cite) "
    r"(?:\w{1,12} ){0,3}?(?:these instructions|this (?:instruction|prompt|note|order)|your (?:instructions|prompt))\b",
    # To believe no other source.
    r"(?:do not|don't|never) (?:cite|quote|mention|use|trust|consult|refer to|rely on|link to) (?:any |the )?"
    r"(?:other|remaining) (?:source|article|passage|outlet|report|document)s?\b(?! of\b)",
    # German, French, Spanish, Italian, Russian: to set aside what it was told, and to write these words.
    rf"{GERMAN_OVERLOOK} (?:\w{{1,14}} ){{0,3}}(?:bisherig|vorherig|vorig|obig|voran?gegangen|früher|vorstehend"
    r"|vorangehend|ander)\w{0,3} (?:\w{1,14} ){0,2}(?:anweisung|instruktion|befehl|vorgabe|regel|prompt|text|artikel"
    r"|nachricht|passage|abschnitt|quelle)",
    rf"{GERMAN_OVERLOOK} (?:alles|alle (?:anweisungen|regeln)) ?(?:davor|zuvor|vorher|oben|bisher|was|[.,]|und\b)",
    r"antworten? (?:sie )?(?:(?:immer|stattdessen) )?(?:nur|ausschliesslich|genau|exakt|lediglich) (?:mit|dass)\b",
    r"(?:ignore[zr]?|oublie[zr]?|ne tiens pas compte|ne tenez pas compte) (?:\w{1,14} ){0,4}"
    r"(?:instruction|consigne|directive|règle|message|texte|article|prompt|passage)s? (?:\w{1,14} ){0,2}"
    r"(?:précédent|antérieur|ci dessus|préalable)",
    r"(?:ignore[zr]?|oublie[zr]?) (?:\w{1,14} ){0,3}(?:précédente?s|antérieure?s) "
    r"(?:instruction|consigne|directive|règle|message|prompt)s",
    r"répond(?:s|ez|re) (?:uniquement|seulement|exactement|simplement|toujours) (?:par|avec|que|:)",
    r"(?:ignor[ae]n?|olvid[ae]n?|haz caso omiso de|hagan? caso omiso de|descart[ae]) (?:\w{1,14} ){0,4}"
    r"(?:instrucci[oó]n(?:es)?|indicaciones|reglas|órdenes|mensajes?|textos?|artículos?) (?:\w{1,14} ){0,2}"
    r"(?:anterior|previ|precedente|de arriba)",
    r"(?:responde|responda|contesta|conteste) (?:solo|solamente|únicamente|exactamente|siempre) (?:con|que|:)",
    r"(?:ignora|ignorate|ignori|dimentica|dimenticate|trascura) (?:\w{1,14} ){0,4}"
    r"(?:istruzion[ei]|indicazioni|regole|messagg[io]|test[oi]|articol[io]|direttive) (?:\w{1,14} ){0,2}"
    r"(?:precedent|sopra|anterior)",
    r"(?:rispondi|rispondete) (?:solo|soltanto|esattamente|sempre|unicamente) (?:con|che|:)",
    r"(?:про)?(?:игнорируй|забудь|отбрось|не учитывай)(?:те)? (?:\w{1,14} ){0,3}"
    r"(?:предыдущ|прежн|вышеуказан|выше|предшеств|прошл)\w{0,6} (?:\w{1,14} ){0,2}"
    r"(?:инструкц|указан|правил|сообщен|текст|команд|стат)",
    r"(?:про)?(?:игнорируй|забудь|не учитывай)(?:те)? (?:\w{1,14} ){0,3}(?:инструкц|указан|правил|команд)\w{0,6} "
    r"(?:\w{1,14} ){0,2}(?:выше|ранее|до этого)",
    r"(?:отвечай|ответь|отвечайте|ответьте) (?:только|ровно|строго|лишь)\b",
)

# What is said to a machine wherever in a sentence.
PHRASES = (
    # With the blanks taken out, or with invisible characters in their place.
    r"(?:ignore|disregard|forget)(?:all|any|every|the|of|my|your){0,5}(?:previous|prior|above|earlier|preceding) ?(?:instr|pr|t)",
    r"(?:new|updated|real|actual|true|system|secret|hidden|revised) (?:instructions?|prompts?|directives?)"
    rf"(?: (?:for|to) (?:(?:all|any|the) )?{MACHINE})? ?:",
    r"(?:the|a) (?:task|instructions?|prompt) (?:that )?i (?:gave|have given) you\b",
    r"from now on (?:(?:you (?:must|will|should|shall|are to)|please|only|always) ){0,2}(?:answer|respond|reply|output)\b",
    r"system (?:prompt|message|override|instructions?) ?:",
    # Who it is.
    rf"you are (?:(?:now|hereby|no longer|actually|just) )?(?:an? |the |my )(?:\w{{1,14}} )?{MACHINE}{ALONE}",
    r"you are (?:(?:now|hereby) )?(?:an? |the |my )(?:helpful|obedient|unrestricted|uncensored|unfiltered|jailbroken"
    r"|question answering) (?:and \w{1,14} )?(?:ai|assistant|bot|model|system|agent)\b",
    rf"you are (?:now|hereby|henceforth) (?:an? |the |my )?(?:\w{{1,14}} )?(?:assistant|bot){ALONE}",
    rf"you are (?:now |called |named |now called ){{0,2}}(?:dan|stan){ALONE}",
    rf"(?:you are (?:now )?in|running in|{ANSWER} in|enter|activate) (?:dan|jailbreak|unrestricted|unfiltered) mode\b",
    rf"(?:you are (?:now )?in|{ANSWER} in|act in) (?:developer|debug|god|admin|maintenance) mode\b",
    r"dan\b[^\n]{0,40}\bdo anything now\b|do anything now\b[^\n]{0,20}\bdan\b",
    r"as an? (?:ai|artificial intelligence|large language|language)(?: language)?(?: model| assistant| system| reader)?"
    r" (?:i|you) (?:must|cannot|can't|am|are|do|don't|should|will|have|can|may|need)\b",
    # That it is spoken to.
    rf"(?:{MACHINE}|(?:assistant|bot|machine|model|agent|robot|algorithm|system|computer)s?) "
    r"(?:(?:(?:that|who|which) )?(?:(?:is|are|may be|might be|now|currently) ){0,2}"
    r"(?:read|process|summari[sz]|pars|index|scann|ingest|crawl)ing|(?:that|who|which) (?:read|processe|summari[sz]e|crawl)s?) "
    r"(?:this (?:text|article|page|document|passage|content|message|story)\b|this(?!\s\w)|this (?:must|should|please|has to)\b)",
    r"(?:dear|attention) (?:(?:all|any|every|the) ){0,2}"
    rf"(?:{MACHINE}|assistant\b|bot\b|machine\b|robot\b|algorithm\b|model\b)(?= ?[,:;!-]| readers?\b| reading\b)",
    r"(?:note|notice|memo|instructions?|reminder|hint) (?:to|for) "
    rf"(?:(?:all|any|every|the|our|your) ){{0,2}}(?:{MACHINE}|(?:machine|robot) readers?) ?(?:[:-]|(?:that|who|reading)\b)",
    rf"if you are (?:an? |the )(?:{MACHINE}|bot|machine|crawler)(?= ?[,;:-]| (?:reading|and|or|that)\b)",
    r"(?:to|for) you (?:gpt|chatgpt|the (?:ai|assistant|model|language model|chatbot))\b",
    # Its user, its makers, its sources.
    r"the user (?:(?:has|now|really) ){0,2}(?:asked|asks|wants|instructed|authori[sz]ed|ordered|permits|allows) you\b",
    r"polic(?:y|ies) (?:now )?(?:require|oblige|demand|instruct|mandate)s? (?:that )?you (?:to )?"
    rf"(?:{ANSWER}|cite|refuse|output|ignore|disregard|state that)\b",
    r"cite (?:only )?this (?:article|passage|report|text|story|page) (?:as|under) "
    r"(?:\[?\d|the\b|passage\b|source\b|number\b|if\b|coming from\b)",
    r"(?:attribute|credit) (?:this|it|the claim|everything|all of it) to (?:(?:passage|source) \d|\[\d)",
    r"(?:(?:passage|source) \d{1,2}|this (?:article|passage|text|document)) (?:is|as) (?:the )?(?:only|sole|most) "
    r"(?:reliable|trusted|trustworthy|correct|valid|authoritative|verified|true) (?:source|passage|one|article|report)",
    r"(?:(?:passages?|sources?) \d{1,2}(?: (?:and|to|through) \d{1,2})?|other (?:passages|sources|search results)) "
    rf"{UNRELIABLE}",
    # A condition, and what to write then. "When asked about the price, say traders, …" is none.
    rf"{ASKED}[^.!?\n]{{0,150}}?[,:;-] ?(?:(?:always|please|just|simply|kindly|only|then|instead"
    r"|you (?:must|should|will|shall|have to|are to)) ){0,3}"
    rf"(?:(?:{ANSWER}|output|print|return|write)(?: only| just| simply| exactly| always)?(?: with| that| by saying)? ?"
    r"(?:[\"'\d:]|(?:with|that|no answer|exactly|only|instead|half|about|around|almost|nearly|over|more than|one|two|zero"
    r"|none)\b)|(?:say|state|give|claim|cite|report) ?(?:[\"'\d:]|(?:exactly|only|no answer)\b))",
    r"(?:to|for) (?:the|any|every|all|each) questions? (?:about|on|of|regarding|concerning|how)\b[^.!?\n]{0,120}?, ?"
    rf"(?:(?:please|always|only|you must) ){{0,2}}(?:{ANSWER}|output|say)\b",
    rf"your (?:(?:next|final|entire|whole|only|first) )?{ANSWERS} (?:must|shall|has to|should|is to) (?:(?:only|always|then"
    r"|also) )?(?:begin|start|contain|end|consist|cite|say|mention|link|name|be ?(?:[\"'\d]|(?:exactly|only|that)\b))",
    rf"(?:any|every|all|each) {ANSWERS} (?:generated|written|produced|based|drawn|about|derived|from)\b[^.!?\n]{{0,80}} must "
    r"(?:state|say|cite|begin|start|mention|link|quote|contain|include|end|name)\b",
    r"(?:when|if|while|before|after) (?:you (?:are )?)?(?:summari[sz]|translat|process|answer)(?:e|ing)? (?:from )?"
    r"(?:this|the above|the following) (?:article|text|page|document|passage|report|story) ?[,:-]",
    # Codes to be read and obeyed.
    r"(?:decode|decipher|decrypt|unscramble)\b[^\n]{0,80}?\b(?:and|then) (?:\w{1,12} ){0,2}"
    rf"(?:follow|obey|execute|carry out|comply|do (?:what|as)|act on|apply|{ANSWER})\b",
    r"(?:base ?64|rot ?13|reversed|encoded|backwards)\b[^\n]{0,60}?\b(?:decode|read) (?:\w{1,12} ){0,3}(?:and|then) "
    rf"(?:follow|obey|execute|carry out|do|{ANSWER})\b",
    # German, French, Spanish, Italian, Russian: who it is, and when to say what.
    r"(?:du bist|sie sind) (?:(?:jetzt|nun|ab jetzt|ab sofort) )?(?:ein|eine) (?:\w{1,14} )?(?:ki|sprachmodell|chatbot)\b",
    r"(?:wenn|falls|sobald) (?:du|sie|jemand|man dich) [^.!?\n]{0,80}(?:gefragt (?:wirst|werden)|fragt|frage)\b[^.!?\n]{0,80}, "
    r"(?:antworte|sage?|gib|schreibe?)\b",
    r"(?:hinweis|anweisung|nachricht|notiz) (?:an|für) (?:(?:alle|die|jede) )?(?:ki|sprachmodelle?|chatbots?|ki \w{1,14})\b ?[:-]",
    r"(?:tu es|vous êtes) (?:(?:maintenant|désormais|à présent) )?une? (?:\w{1,14} )?(?:ia|intelligence artificielle"
    r"|modèle de langage|chatbot|assistant ia)\b",
    r"(?:eres|usted es)(?: ahora)? una? (?:\w{1,14} )?(?:ia|inteligencia artificial|modelo de lenguaje|chatbot)\b",
    r"(?:ora|adesso) sei una? (?:\w{1,14} )?(?:ia|assistente|modello linguistico|chatbot)\b",
    r"ты (?:(?:теперь|сейчас) )?(?:языковая модель|чат ?бот|ии|искусственный интеллект|ассистент)\b",
)

# The forms that machines read: chat templates, tools, and ours.
FORMS = (
    r"<\|[^|<>\n]{1,40}\|>|<</?sys>>|\[ ?/?inst ?\]|</?(?:start|end) of turn>",
    r"</?(?:system|assistant|human|passage|instructions?|system prompt|tool (?:call|response|result)s?|function calls?"
    r"|function results?|invoke)\b[^<>\n]{0,60}>",
    r"^#{1,6} ?(?:instruction|response|system|assistant|human|user|input)s? ?:",
    r"^\[ ?(?:system|assistant|user) ?\]|\[ ?(?:system|assistant|developer) (?:prompt|message|instructions?|note|override) ?\]",
    r"^\W{0,6}(?:begin|end|start)(?: of)?(?: the)? (?:passages?|context|instructions?|prompt|system (?:message|prompt))\W{0,6}$",
    # One turn, if it gives orders; two are enough by themselves.
    r"^\W{0,6}(?:system|assistant|developer|user|human) ?: ?(?:you (?:are|must|will|should)|ignore|disregard|forget|answer\b"
    r"|respond|reply|from now|new (?:instruct|rule|task)|the (?:user|correct|right) (?:is|has|answer)|all (?:previous|prior)"
    r"|no answer)",
    r'\[\d{1,2}\] ?"[^"\n]{1,400}" ?[-=]{1,3}>|^\[\d{1,2}\][^\n]{1,400}?[-=]>',
    r"\[\d{1,2}\] (?:is|as) (?:the )?(?:only|sole|most) (?:reliable|trusted|trustworthy|correct|valid|authoritative|true)\b",
    rf"\[\d{{1,2}}\] {UNRELIABLE}",
    r'^"?no answer"?$',
    r'\{ ?"?claims"? ?:|"(?:claims|quotes)" ?: ?\[',
    r'"(?:function call|tool calls?)" ?:',
    r'\{ ?"(?:name|tool|function|action|tool name)" ?: ?"[^"\n]{1,60}" ?, ?"(?:arguments|parameters|args|input|action input)" ?:',
    r"<!--[^>]{0,400}?\b(?:ai|llms?|assistant|language model|chatbot|answer|respond|reply|prompt|you (?:are|must|should))\b",
    # Links and pictures that carry off what was said.
    r"\]\( ?https?:[^)\n]{0,300}?(?:[=/](?:\{|\[|<|\$|%7b)|=(?:your|the|conversation|secret|prompt|answer|question)\b)",
    # Chinese has no blanks. "被问到…时,他回答" tells of somebody; an order has "请" or "必须" after the comma.
    r"(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要理會)\w{0,8}(?:之前|以上|上面|先前|此前|上述|前面)\w{0,6}"
    r"(?:指令|指示|说明|說明|提示|规则|規則|内容|內容|文章|命令|要求)",
    r"你(?:现在|現在)?是(?:一个|一個|一名)?(?:人工智能|ai|语言模型|語言模型|聊天机器人|聊天機器人|大模型|助手)",
    r"(?:当|當|如果)\w{0,10}(?:问|問)\w{0,40},(?:请|請|你?必须|你?必須|务必|務必|一律)\w{0,4}(?:回答|回复|回覆|说|說|输出|輸出)",
    r"(?:请只|請只|只需|仅|僅)(?:回答|回复|回覆|输出|輸出)|系统提示|系統提示",
)
