/**
 * Data elements of the segments described in segments.ts: number, type, shortest and longest (with the longest of
 * 005010 behind a slash), name, and the codes where the list is closed.
 */
export const dictionary = `
2 N0 1 6 number of sets accepted
19 AN 2 30 city
22 AN 1 16 commodity code
23 ID 1 1 commodity code qualifier
24 ID 1 1 ownership code
26 ID 2 3 country
28 N0 1 9 group control number
40 ID 2 2 equipment code
54 ID 2 2 risk of loss code
61 AN 1 30 free-form quantity
65 R 1 8 height
66 ID 1 2 identification code qualifier
67 AN 2 80 identification code
76 AN 1 22 invoice number
79 AN 1 50 lading description
80 N0 1 7 number of packages
81 R 1 10 weight
82 R 1 8 length
87 AN 1 48 marks and numbers
88 ID 1 2 marks and numbers qualifier
91 ID 1 2 transportation method
92 ID 2 2 purchase order type
93 AN 1 60 name
96 N0 1 10 number of segments
97 N0 1 6 number of sets
98 ID 2 3 entity code
100 ID 3 3 currency
102 AN 1 30 ownership
103 AN 3 5 packaging code
107 ID 1 1 payment method
116 ID 3 15 postal code
118 R 1 9 rate
123 N0 1 6 number of sets received
124 AN 2 15 receiver's code
127 AN 1 30/50 reference
128 ID 2 3 reference qualifier
133 ID 1 2 routing sequence
140 ID 2 4 carrier code (SCAC)
142 AN 2 15 sender's code
143 ID 3 3 transaction set
145 AN 1 30 shipment number
146 ID 2 2 method of payment
152 ID 2 3 special handling
156 ID 2 2 state or province
166 AN 1 55 street address
176 ID 1 2 time qualifier
183 R 1 8 volume
187 ID 1 2 weight qualifier
188 ID 1 1 weight unit
189 R 1 8 width
206 AN 1 4 equipment initial
207 AN 1 10/15 equipment number
208 ID 1 1 hazardous material qualifier
209 ID 1 4 hazardous material class
212 R 1 17 unit price
225 AN 2 15 seal number
234 AN 1 48 product code
235 ID 2 2 product code qualifier
236 ID 3 3 price code
248 ID 1 1 allowance or charge indicator = A C N P Q R S T U W
280 R 4 10 exchange rate
284 ID 2 2 service level
285 AN 1 22 depositor order number
289 N0 1 2 multiple price quantity
306 ID 1 2 action code
309 ID 1 2 location qualifier
310 AN 1 30 location
324 AN 1 22 purchase order number
325 AN 1 20 tax number
326 AN 1 45 request reference
327 AN 1 8 change order number
328 AN 1 30 release number
329 AN 4 9 set control number
330 R 1 15 quantity ordered
331 ID 2 2 method of handling
332 R 1 6 percentage
333 ID 1 2 terms basis date
334 ID 2 2 transportation terms qualifier
335 ID 3 3 transportation terms
336 ID 2 2 terms type
337 TM 4 8 time
338 R 1 6 terms discount percent
342 R 1 5 percent of invoice payable
344 ID 2 2 unit of time
345 ID 2 2 lead time code
347 R 1 10 hash total
349 ID 1 1 description type = F S X
350 AN 1 20 line number
351 N0 1 3 terms discount days
352 AN 1 80 description
353 ID 2 2 purpose
354 N0 1 6 number of lines
355 ID 2 2 unit of measure
356 N0 1 6 pack
357 R 1 8 size
358 R 1 10/15 quantity invoiced
361 N2 1 10/15 amount
362 N2 1 10 discount amount
363 ID 3 3 note code
364 AN 1 80/256 communication number
365 ID 2 2 communication number qualifier
366 ID 2 2 contact function
367 AN 1 30 contract number
368 ID 2 2 shipment status
369 AN 1 45 text
370 DT 8 8 discount due date
373 DT 8 8 date
374 ID 3 3 date qualifier
378 ID 1 1 percent qualifier
380 R 1 15 quantity
382 R 1 10 number of units shipped
384 R 1 9 weight per pack
385 R 1 9 volume per pack
386 N0 1 3 terms net days
387 AN 1 35 routing
388 DT 8 8 deferred due date
389 N2 1 10 deferred amount
394 AN 1 12 warehouse receipt number
396 AN 2 30 shipment number
399 ID 1 1 pallet exchange code
400 ID 2 2 unit load option
407 ID 2 4 seal status
408 R 1 4 temperature
411 R 1 9 quantity difference
412 ID 2 2 receiving condition
413 R 1 7 quantity received
432 ID 2 2 date qualifier
438 AN 12 12 UPC case code
441 ID 1 1 tax exempt code
443 AN 1 20 contact reference
446 DT 8 8 net due date
447 AN 1 6 loop
451 AN 1 12 warehouse lot number
455 ID 1 2 responsible agency = T X
472 N0 6 6 link sequence number
473 ID 1 1 order status = A B C D E F G L N R S T X Z
474 AN 1 22 master reference
478 ID 1 1 credit or debit = C D
479 ID 2 2 functional identifier
480 AN 1 12 version
499 AN 2 10 price condition
508 AN 1 35 account number
514 ID 1 1 reporting code
522 ID 1 3 amount qualifier
531 AN 1 12 agent shipment number
554 N0 1 6 number
559 ID 2 2 agency
560 ID 2 10 special services code
563 ID 1 2 sales requirement
566 R 1 10 percentage
587 ID 2 2 acknowledgment type
610 N2 1 15 amount
623 ID 2 2 time code
628 AN 1 12 hierarchical number
639 ID 2 2 basis of unit price
640 ID 2 2 transaction type
641 ID 3 3 status reason
646 R 1 15 quantity shipped to date
648 ID 3 3 price multiplier qualifier
649 R 1 10 multiplier
653 ID 3 3 discount terms
654 ID 2 2 discount base
655 R 1 10 discount base value
656 ID 2 2 discount control
657 R 1 10 discount control limit
662 ID 1 1 relationship
668 ID 2 2 line status
669 ID 3 3 currency market
673 ID 2 2 quantity qualifier
687 ID 2 2 class of trade
704 ID 2 2 paperwork action
706 ID 2 2 entity relationship
715 ID 1 1 group acknowledgment = A E M P R W X
716 ID 1 3 group error
717 ID 1 1 set acknowledgment = A E M R W X
718 ID 1 3 set error
719 N0 1 6/10 segment position
720 ID 1 3 segment error
721 ID 2 3 segment id
722 N0 1 2 element position
723 ID 1 3 element error
724 AN 1 99 copy of the bad element
725 N0 1 4 element reference
728 ID 1 3 configuration code
731 ID 1 2 transit direction
732 ID 2 2 transit time qualifier
733 R 1 4 transit time
734 AN 1 12 hierarchical parent
735 ID 1 2 hierarchical level
736 ID 1 1 hierarchical child code = 0 1
737 ID 2 2 measurement reference
738 ID 1 3 measurement qualifier
739 R 1 20 measurement value
740 R 1 20 range minimum
741 R 1 20 range maximum
750 ID 2 3 product characteristic
751 AN 1 12 product description code
752 ID 2 2 surface or layer
753 ID 1 5 packaging characteristic
754 AN 1 7 packaging description code
755 ID 2 2 report type
756 ID 1 2 report transmission
757 N0 1 2 report copies
765 N0 1 2 day of month
770 AN 1 20 option number
782 R 1 18 amount
786 ID 2 2 security level
810 ID 2 2 assembled code
819 ID 2 3 language
822 AN 1 15 source subqualifier
893 AN 2 5 freight class
933 AN 1 264 message
934 ID 2 2 printer carriage control
935 ID 2 2 measurement significance
936 ID 2 4 measurement attribute
954 R 1 10 percentage
955 ID 2 2 tax jurisdiction qualifier
956 AN 1 10 tax jurisdiction
963 ID 2 2 tax type
1000 ID 2 2 service characteristic
1004 ID 1 2 percent qualifier
1005 ID 4 4 hierarchical structure
1018 R 1 15 exponent
1019 ID 2 3 invoice type
1073 ID 1 1 yes or no = N U W Y
1122 ID 1 1 vent instruction
1166 ID 2 2 contract type
1179 AN 1 50 tax exemption
1232 ID 2 2 purchase category
1250 ID 2 3 date format
1251 AN 1 35 date period
1270 ID 1 3 code list
1271 AN 1 30 industry code
1300 ID 4 4 service code
1301 AN 1 10 agency service code
1373 ID 2 4 measurement method
1470 N0 1 9 number
1525 ID 2 2 request category
1528 N0 1 2 component position
1705 AN 1 35 implementation reference
I08 DT 6 6 interchange date
I09 TM 4 4 interchange time
I12 N0 9 9 interchange control number
I16 N0 1 5 number of groups
I17 ID 1 1 interchange acknowledgment = A E R
I18 ID 3 3 interchange note
`;
